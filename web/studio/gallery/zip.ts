/** The whole gallery as a ZIP, picture by picture, so that a large one never has to fit into memory. */
import { strToU8, Zip, ZipPassThrough } from 'fflate';
import { loadPictures, type GalleryEntry } from '../../storage/gallery.ts';
import { CancelledError } from '../../worker/faults.ts';
import type { Language } from '../../texts/index.ts';
import { Names, titleOf } from './names.ts';

/** So much is handed over to the browser at a time, which may put it on the disk. */
const HANDFUL = 16e6;
/** Old ZIP ends at 4 GiB; many disks and programs at 2. */
const LARGEST = 2 ** 31 - 1;

export interface Archive {
  readonly blob: Blob;
  readonly name: string;
}

/**
 * One archive, or more where one would be too large for the format.
 *
 * @throws CancelledError
 */
export async function pack(
  entries: readonly GalleryEntry[],
  language: Language,
  signal: AbortSignal,
  onPicture: (done: number) => void,
): Promise<Archive[]> {
  const groups = split(entries);
  const archives: Archive[] = [];
  let done = 0;
  for (const [i, group] of groups.entries()) {
    const blob = await zip(group, language, signal, () => onPicture(++done));
    const part = groups.length > 1 ? `-${i + 1}` : '';
    archives.push({ blob, name: `restyle-gallery${part}.zip` });
  }
  return archives;
}

function split(entries: readonly GalleryEntry[]): GalleryEntry[][] {
  const groups: GalleryEntry[][] = [];
  let room = 0;
  for (const entry of entries) {
    if (entry.bytes > room) {
      groups.push([]);
      room = LARGEST;
    }
    groups.at(-1)!.push(entry);
    room -= entry.bytes;
  }
  return groups;
}

async function zip(
  entries: readonly GalleryEntry[],
  language: Language,
  signal: AbortSignal,
  onPicture: () => void,
): Promise<Blob> {
  const sink = new Sink();
  const archive = new Zip(sink.take);
  const names = new Names();
  const listed: object[] = [];
  for (const entry of entries) {
    const found = await loadPictures(entry.id);
    if (found) {
      const day = new Date(entry.created).toISOString().slice(0, 10);
      const name = `${names.give(`${day}_${titleOf(entry, language)}`)}.png`;
      await addFile(archive, name, entry.created, found.pastiche, signal);
      listed.push(describe(entry, name));
    }
    onPicture();
  }
  const list = new Blob([strToU8(JSON.stringify(listed, null, 2))]);
  await addFile(archive, 'gallery.json', Date.now(), list, signal);
  archive.end();
  return sink.blob();
}

/** PNGs are as small as they get, so they are stored as they are. */
async function addFile(
  archive: Zip,
  name: string,
  date: number,
  blob: Blob,
  signal: AbortSignal,
): Promise<void> {
  const file = new ZipPassThrough(name);
  file.mtime = date;
  archive.add(file);
  const reader = blob.stream().getReader();
  for (;;) {
    if (signal.aborted) {
      archive.terminate();
      throw new CancelledError();
    }
    const { done, value } = await reader.read();
    file.push(value ?? new Uint8Array(), done);
    if (done) return;
  }
}

function describe({ thumbnail: _, id: __, ...entry }: GalleryEntry, file: string): object {
  return { file, ...entry, created: new Date(entry.created).toISOString() };
}

/** What comes out of the packer. */
class Sink {
  readonly #blobs: Blob[] = [];
  #parts: Uint8Array<ArrayBuffer>[] = [];
  #size = 0;
  #error: Error | null = null;

  readonly take = (error: Error | null, data: Uint8Array): void => {
    this.#error ??= error;
    this.#parts.push(data as Uint8Array<ArrayBuffer>);
    this.#size += data.length;
    if (this.#size >= HANDFUL) this.#handOver();
  };

  blob(): Blob {
    if (this.#error) throw this.#error;
    this.#handOver();
    return new Blob(this.#blobs, { type: 'application/zip' });
  }

  #handOver(): void {
    this.#blobs.push(new Blob(this.#parts));
    this.#parts = [];
    this.#size = 0;
  }
}
