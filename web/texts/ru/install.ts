import type { Texts } from '../en/index.ts';

export const install: Texts['install'] = {
  install: 'Установить',
  updateReady: 'Готова новая версия.',
  reload: 'Обновить',
  offlineReady: 'Работает и без сети.',
};
