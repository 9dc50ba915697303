/** What the gallery shows. */
import { computed, signal } from '@preact/signals-core';
import { listPictures, type GalleryEntry } from '../../storage/gallery.ts';
import { findModel } from '../networks/networks.ts';
import { texts } from '../../texts/index.ts';
import { search, type Order } from './search.ts';

export { loadPictures, type GalleryEntry, type GalleryPictures } from '../../storage/gallery.ts';

/** null: not read yet; 'unreadable': the browser does not let us. */
const stored = signal<readonly GalleryEntry[] | 'unreadable' | null>(null);
/** Deleted as far as anybody can see; they are still there while the undo is. */
export const leaving = signal<readonly string[]>([]);

export const question = signal('');
export const order = signal<Order>('newest');

export const entries = computed(() => {
  const { value: all } = stored;
  if (all === null || all === 'unreadable') return all;
  return all.filter(({ id }) => !leaving.value.includes(id));
});

export const shown = computed<readonly GalleryEntry[]>(() => {
  const { value: all } = entries;
  if (all === null || all === 'unreadable') return [];
  return search(all, question.value, order.value, texts.value.locale, labelOf);
});

/** Models of old pictures may no longer be on the list. */
export const labelOf = (id: string): string => findModel(id)?.label ?? id;

export async function load(): Promise<void> {
  stored.value = await listPictures().catch(() => 'unreadable' as const);
}

/** They are gone for good. */
export function unlist(ids: readonly string[]): void {
  const { value: all } = stored;
  if (Array.isArray(all)) {
    stored.value = (all as readonly GalleryEntry[]).filter(({ id }) => !ids.includes(id));
  }
  leaving.value = leaving.value.filter((id) => !ids.includes(id));
}

/** A picture that was kept while the gallery had been read before. */
export function list(entry: GalleryEntry): void {
  const { value: all } = stored;
  if (!Array.isArray(all)) return;
  stored.value = [entry, ...(all as readonly GalleryEntry[]).filter(({ id }) => id !== entry.id)];
}
