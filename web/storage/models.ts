/** Model files: fetched once, checked against the manifest's hash, and from then on of this device. Page and worker use this. */
import type { ModelEntry, ModelSource } from '../../shared/models.ts';
import { CancelledError, InvalidModelError } from '../engine/errors.ts';
import { Download, type OnProgress } from './download.ts';
import { drop, keepWhole, list, openModelCache, readWhole, type KeptModel } from './model-cache.ts';

export type { KeptModel, OnProgress };

/** A connection that keeps breaking, but brings something every time, is worth so many tries. */
const TRIES = 6;
const NEVER = new AbortController().signal;

/**
 * The file, from this device or else from the server. Progress is told of a download only.
 *
 * @throws InvalidModelError if it cannot be had or is not the one the manifest means; CancelledError
 */
export async function ensureModel(
  source: ModelSource,
  signal: AbortSignal = NEVER,
  onProgress: OnProgress = () => undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const { entry } = source;
  return alone(entry.sha256, signal, async () => {
    const cache = await openModelCache();
    const kept = cache && (await readWhole(cache, entry.sha256));
    if (kept && (await hashOf(kept)) === entry.sha256) return kept;
    // Damaged on the disk.
    if (kept) await drop(cache, entry.sha256);
    const bytes = await fetchWhole(source, cache, signal, onProgress);
    if (cache) await keepWhole(cache, entry, bytes);
    return bytes;
  });
}

/** What is on this device: whole files, and what came of others. */
export async function listModels(): Promise<KeptModel[]> {
  const cache = await openModelCache();
  return cache ? list(cache) : [];
}

/** A file that the person brought, under an entry of its own; null if there is no room for it. */
export async function keepModel(
  bytes: Uint8Array<ArrayBuffer>,
  about: Pick<ModelEntry, 'label' | 'layers'>,
): Promise<ModelEntry | null> {
  const sha256 = await hashOf(bytes);
  const id = `own-${sha256.slice(0, 12)}`;
  const file = `${id}.onnx`;
  const entry = { ...about, id, file, bytes: bytes.length, sha256, licence: '', source: '' };
  const cache = await openModelCache();
  return cache && (await keepWhole(cache, entry, bytes)) ? entry : null;
}

export async function removeModel(sha256: string): Promise<void> {
  const cache = await openModelCache();
  if (cache) await drop(cache, sha256);
}

async function fetchWhole(
  { entry, url }: ModelSource,
  cache: Cache | null,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<Uint8Array<ArrayBuffer>> {
  const file = await Download.open(entry, cache, onProgress);
  for (let left = TRIES; ; left--) {
    const before = file.loaded;
    try {
      await file.run(url, signal);
      if ((await hashOf(file.bytes)) === entry.sha256) return file.bytes;
    } catch (error) {
      if (signal.aborted) throw new CancelledError();
      if (file.loaded > before && left > 1) continue;
      throw new InvalidModelError(
        `${entry.label} could not be fetched (${error instanceof Error ? error.message : String(error)})`,
        'Check the connection and try again, or choose another network.',
        { cause: error },
      );
    }
    await file.startOver();
    // Of two halves, one may be of another file; what came in one piece is what the server has.
    if (before > 0 && left > 1) continue;
    throw new InvalidModelError(
      `the file of ${entry.label} arrived damaged`,
      'Try again; if it stays so, choose another network.',
    );
  }
}

/** Page and worker, or two tabs, do not fetch the same file twice: the second waits and finds it. */
async function alone<T>(sha256: string, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  const { locks } = navigator as Partial<typeof navigator>;
  if (!locks) return act();
  try {
    return await locks.request(`restyle-model-${sha256}`, { signal }, act);
  } catch (error) {
    if (signal.aborted) throw new CancelledError();
    throw error;
  }
}

/** Off the thread, so that a file of 100 MB blocks nothing. */
async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
