import { texts } from '../../texts/index.ts';
import { offlineReady } from '../../studio/app/offline.ts';

/** Said once it is true. */
export function OfflineNote() {
  if (!offlineReady.value) return null;
  return <span data-offline="ready">{texts.value.install.offlineReady}</span>;
}
