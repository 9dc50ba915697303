/** How a picture leaves the gallery: not at once, so that it can come back; but a reload does not bring it back. */
import { effect } from '@preact/signals-core';
import { dropPictures, markLeaving } from '../../storage/gallery.ts';
import { notice, notify, type Notice } from '../notice/notice.ts';
import { leaving, unlist } from './entries.ts';

/** The notice of the latest deletion; more of them join it. */
let said: Notice | null = null;

export function remove(id: string): void {
  leaving.value = [...leaving.value, id];
  // A page that is left has no time to delete anything, so the mark is made now.
  void markLeaving([id], Date.now()).catch(() => undefined);
  said = { kind: 'deleted', count: leaving.value.length, undo: bringBack };
  notify(said);
}

function bringBack(): void {
  void markLeaving(leaving.value, null).catch(() => undefined);
  leaving.value = [];
  said = null;
}

async function dropLeaving(): Promise<void> {
  const ids = leaving.value;
  said = null;
  if (ids.length === 0) return;
  await dropPictures(ids);
  unlist(ids);
  const { keepHomeless } = await import('./keep.ts');
  keepHomeless();
}

// The undo is gone: answered, timed out, or another notice stands in its place.
effect(() => {
  const { value: now } = notice;
  // Undo dismisses the notice first, and brings back after that.
  if (said && now !== said) queueMicrotask(() => void dropLeaving());
});
