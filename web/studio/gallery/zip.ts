/** The whole gallery as a ZIP, picture by picture, so that a large one never has to fit into memory. */
import { downloadZip } from 'client-zip';
import { loadPictures, type GalleryEntry } from '../../storage/gallery.ts';
import { CancelledError } from '../../worker/faults.ts';
import type { Language } from '../../texts/index.ts';
import { Names, titleOf } from './names.ts';

export interface Archive {
  readonly blob: Blob;
  readonly name: string;
}

/**
 * PNGs are as small as they get, so they are stored as they are; `gallery.json` tells of each.
 *
 * @throws CancelledError
 */
export async function pack(
  entries: readonly GalleryEntry[],
  language: Language,
  signal: AbortSignal,
  onPicture: (done: number) => void,
): Promise<Archive> {
  const blob = await downloadZip(files(entries, language, signal, onPicture)).blob();
  return { blob: new Blob([blob], { type: 'application/zip' }), name: 'restyle-gallery.zip' };
}

async function* files(
  entries: readonly GalleryEntry[],
  language: Language,
  signal: AbortSignal,
  onPicture: (done: number) => void,
) {
  const names = new Names();
  const listed: object[] = [];
  for (const [i, entry] of entries.entries()) {
    checkCancelled(signal);
    const found = await loadPictures(entry.id);
    if (found) {
      const day = new Date(entry.created).toISOString().slice(0, 10);
      const name = `${names.give(`${day}_${titleOf(entry, language)}`)}.png`;
      yield { input: found.pastiche, name, lastModified: entry.created };
      listed.push(describe(entry, name));
    }
    onPicture(i + 1);
  }
  checkCancelled(signal);
  const list = JSON.stringify(listed, null, 2);
  yield { input: list, name: 'gallery.json', lastModified: Date.now() };
}

function checkCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new CancelledError();
}

function describe({ thumbnail: _, id: __, ...entry }: GalleryEntry, file: string): object {
  return { file, ...entry, created: new Date(entry.created).toISOString() };
}
