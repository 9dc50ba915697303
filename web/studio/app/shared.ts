/** Pictures shared from another app, left by the service worker. */
import { SHARED_CACHE, SHARED_ENTRY, SHARED_NAME, SHARED_QUERY } from '../../pwa/share.ts';
import { placeFiles } from '../inbox/receive.ts';

/** After the samples, so that undoing it leaves them. */
export async function takeShared(): Promise<void> {
  const address = new URL(location.href);
  if (!address.searchParams.has(SHARED_QUERY)) return;
  address.searchParams.delete(SHARED_QUERY);
  history.replaceState(history.state, '', address);
  const files = await collect();
  if (files.length > 0) await placeFiles(files, 'photo');
}

async function collect(): Promise<File[]> {
  const cache = await caches.open(SHARED_CACHE);
  const start = new URL(SHARED_ENTRY, document.baseURI).href;
  const files: File[] = [];
  for (const key of await cache.keys()) {
    const kept = key.url.startsWith(start) && (await cache.match(key));
    if (!kept) continue;
    await cache.delete(key);
    const blob = await kept.blob();
    const name = decodeURIComponent(kept.headers.get(SHARED_NAME) ?? '');
    files.push(new File([blob], name, { type: blob.type }));
  }
  return files;
}
