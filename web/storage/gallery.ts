/** Finished pictures. */
import { database } from './database.ts';
import type { SavedPicture } from './runs.ts';
import { fromStore, toStore, type Versioned } from './versions.ts';

/** One finished picture as the list shows it. */
export interface GalleryEntry extends Versioned {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly width: number;
  readonly height: number;
  /** Model ids: one feature network, and the upscaler where there was one. */
  readonly models: readonly string[];
  readonly photo: SavedPicture['title'];
  readonly styles: readonly SavedPicture['title'][];
  readonly steps: number;
  readonly seconds: number;
  readonly thumbnail: Blob;
  /** Of the pictures. */
  readonly bytes: number;
}

/** The picture itself (PNG with its settings inside), and what it was made from, no larger than is of use. */
export interface GalleryPictures {
  readonly id: string;
  readonly pastiche: Blob;
  readonly photo: SavedPicture;
  readonly styles: readonly (SavedPicture & { readonly weight: number })[];
}

/** Both or neither; a later version of the same picture takes its place. */
export async function savePicture(entry: GalleryEntry, pictures: GalleryPictures): Promise<void> {
  const stores = (await database()).transaction(['gallery', 'pictures'], 'readwrite');
  await Promise.all([
    stores.objectStore('gallery').put(toStore(entry)),
    stores.objectStore('pictures').put(pictures),
    stores.done,
  ]);
}

/** Newest first. */
export async function listPictures(): Promise<GalleryEntry[]> {
  const entries = await (await database()).getAllFromIndex('gallery', 'created');
  // A picture whose settings only a later version reads is a picture still.
  return entries.map((entry) => fromStore(entry) ?? entry).reverse();
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
