/** The page as an app: kept for offline, isolated, updated, installed. */
import { watchForInstall } from './installable.ts';
import { reloadIntoIsolation } from './isolation.ts';
import { prepareOffline } from './offline.ts';
import { register } from './serviceWorker.ts';
import { watchForUpdates } from './update.ts';

export async function becomeApp(): Promise<void> {
  watchForInstall();
  reloadIntoIsolation();
  const registration = await register();
  if (!registration) return;
  watchForUpdates(registration);
  await prepareOffline();
}
