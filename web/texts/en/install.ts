export const install = {
  install: 'Install',
  updateReady: 'A new version is ready.',
  reload: 'Reload',
  offlineReady: 'Works offline.',
};
