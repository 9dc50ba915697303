/** An export under way. */
import { signal } from '@preact/signals-core';
import type { GalleryEntry } from '../../storage/gallery.ts';
import { kindOf } from '../../worker/faults.ts';
import { download } from '../kit/download.ts';
import { language } from '../../texts/index.ts';

export interface Exporting {
  readonly done: number;
  readonly total: number;
  readonly cancel: () => void;
}

export const exporting = signal<Exporting | 'failed' | null>(null);

export async function exportAll(entries: readonly GalleryEntry[]): Promise<void> {
  const stopper = new AbortController();
  const show = (done: number) => {
    exporting.value = { done, total: entries.length, cancel: () => stopper.abort() };
  };
  show(0);
  try {
    const { pack } = await import('./zip.ts');
    const { blob, name } = await pack(entries, language.peek(), stopper.signal, show);
    download(blob, name);
    exporting.value = null;
  } catch (error) {
    exporting.value = kindOf(error) === 'cancelled' ? null : 'failed';
  }
}
