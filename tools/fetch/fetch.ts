import { readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { RestyleError } from '../../web/engine/errors.ts';
import { makeModel, type Making } from '../making/making.ts';
import { download, FetchError, rethrow, type DownloadOptions } from './download.ts';
import type { Download, Sources } from './sources.ts';

export interface FetchOptions extends Omit<DownloadOptions, 'onProgress'> {
  readonly weights?: Making['weights'];
}

/**
 * Fetches the network `name` from the first of its sources that can be had, cuts it and adds it to the folder `dir`.
 *
 * @throws FetchError with the reason of each source; the folder is then as it was
 */
export async function fetchNetwork(
  dir: string,
  name: string,
  sources: Sources,
  options: FetchOptions,
): Promise<void> {
  const failures: string[] = [];
  for (const source of sources[name] ?? []) {
    try {
      await fromSource(dir, name, source, options);
      return;
    } catch (error) {
      if (isDisk(error) || !(error instanceof FetchError)) throw error;
      failures.push(error.message);
    }
  }
  throw new FetchError(`${name}: ${failures.join('; ') || 'no source is known'}`);
}

/** A disk that is full for one source is full for all. */
const isDisk = (error: unknown): boolean =>
  error instanceof FetchError && !error.message.includes('could not be');

async function fromSource(
  dir: string,
  name: string,
  source: Download,
  options: FetchOptions,
): Promise<void> {
  const bar = progressBar(name);
  let path: string;
  try {
    path = await download(source, { ...options, onProgress: bar.show });
  } finally {
    bar.end();
  }
  const { label, licence, source: from, metadata, variant } = source;
  try {
    const bytes = await readFile(path);
    const entry = await makeModel(dir, name, bytes, {
      label,
      licence,
      source: from,
      metadata,
      variant,
      weights: options.weights,
    });
    process.stdout.write(`${entry.file}: ${entry.bytes} bytes, from ${from}\n`);
  } catch (error) {
    if (error instanceof RestyleError)
      throw new FetchError(`${from} could not be used: ${error.message}`, { cause: error });
    if (error instanceof Error && 'code' in error) rethrow(dir)(error);
    throw error;
  }
  await rm(path, { force: true });
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
const WIDTH = 24;

/** One line that moves, on a terminal; nothing in a log. */
function progressBar(name: string) {
  const began = performance.now();
  let [first, last] = [-1, 0];
  const show = (loaded: number, total: number | undefined): void => {
    if (first < 0) first = loaded;
    const now = performance.now();
    if (!process.stderr.isTTY || (now - last < 100 && loaded !== total)) return;
    last = now;
    const done = total === undefined ? 0 : Math.round((WIDTH * loaded) / total);
    const bar = total === undefined ? '' : ` [${'#'.repeat(done)}${'.'.repeat(WIDTH - done)}]`;
    const speed = megabytes((1000 * (loaded - first)) / Math.max(1, now - began));
    const size = total === undefined ? '' : `/${megabytes(total)}`;
    process.stderr.write(
      `\r\x1b[K${basename(name)}${bar} ${megabytes(loaded)}${size} MB, ${speed} MB/s`,
    );
  };
  const end = (): void => {
    if (process.stderr.isTTY && first >= 0) process.stderr.write('\n');
  };
  return { show, end };
}
