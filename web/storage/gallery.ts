/** Finished pictures. */
import { database } from './database.ts';
import { fromStore, toStore } from './versions.ts';
import type { GalleryEntry, GalleryPictures } from './records.ts';

export type { GalleryEntry, GalleryPictures };

/** Both or neither; a later version of the same picture takes its place. */
export async function savePicture(entry: GalleryEntry, pictures: GalleryPictures): Promise<void> {
  const stores = (await database()).transaction(['gallery', 'pictures'], 'readwrite');
  await Promise.all([
    stores.objectStore('gallery').put(toStore(entry)),
    stores.objectStore('pictures').put(pictures),
    stores.done,
  ]);
}

/** For so long another tab may still offer to bring a deleted picture back; in milliseconds. */
const REGRET = 60_000;

/** Newest first, without those that were deleted; what a page that was left did not get to drop is dropped now. */
export async function listPictures(): Promise<GalleryEntry[]> {
  const all = (await (await database()).getAllFromIndex('gallery', 'created')).reverse();
  const overdue = all.filter(({ leaving = Infinity }) => leaving < Date.now() - REGRET);
  if (overdue.length > 0) await dropPictures(overdue.map(({ id }) => id)).catch(() => undefined);
  const wanted = all.filter(({ leaving }) => leaving === undefined);
  // A picture whose settings only a later version reads is a picture still.
  return wanted.map((entry) => fromStore(entry) ?? entry);
}

/** Marks pictures as deleted at this time, or, with null, as wanted after all. */
export async function markLeaving(ids: readonly string[], time: number | null): Promise<void> {
  const store = (await database()).transaction('gallery', 'readwrite').store;
  for (const id of ids) {
    const entry = await store.get(id);
    if (!entry) continue;
    const { leaving: _before, ...wanted } = entry;
    await store.put(time === null ? wanted : { ...wanted, leaving: time });
  }
  await store.transaction.done;
}

export async function loadPictures(id: string): Promise<GalleryPictures | null> {
  return (await (await database()).get('pictures', id)) ?? null;
}

export async function dropPictures(ids: readonly string[]): Promise<void> {
  const stores = (await database()).transaction(['gallery', 'pictures'], 'readwrite');
  const each = ids.flatMap((id) => [
    stores.objectStore('gallery').delete(id),
    stores.objectStore('pictures').delete(id),
  ]);
  await Promise.all([...each, stores.done]);
}
