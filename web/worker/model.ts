/** Model files: fetched, counted while they come, and checked against the manifest's hash. */
import { CancelledError, InvalidModelError } from '../engine/errors.ts';
import type { ModelSource } from './face.ts';

export type OnDownload = (loaded: number, total: number) => void;

/** @throws InvalidModelError if the file cannot be had or is not the one the manifest means; CancelledError */
export async function fetchModel(
  { entry, url }: ModelSource,
  signal: AbortSignal,
  onDownload: OnDownload,
): Promise<Uint8Array> {
  const bytes = await download(entry.label, url, entry.bytes, signal, onDownload);
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0'));
  if (hex.join('') === entry.sha256) return bytes;
  throw new InvalidModelError(
    `the file of ${entry.label} arrived damaged`,
    'Try again; if it stays so, choose another network.',
  );
}

async function download(
  label: string,
  url: string,
  total: number,
  signal: AbortSignal,
  onDownload: OnDownload,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const response = await fetch(url, { signal });
    if (!response.ok || !response.body) throw new Error(`HTTP status ${response.status}`);
    const bytes = new Uint8Array(total);
    let loaded = 0;
    onDownload(0, total);
    for await (const part of parts(response.body)) {
      if (loaded + part.length > total) throw new Error('longer than the manifest says');
      bytes.set(part, loaded);
      loaded += part.length;
      onDownload(loaded, total);
    }
    return bytes;
  } catch (error) {
    if (signal.aborted) throw new CancelledError();
    throw new InvalidModelError(
      `${label} could not be fetched (${error instanceof Error ? error.message : String(error)})`,
      'Check the connection and try again, or choose another network.',
      { cause: error },
    );
  }
}

/** Safari's streams cannot be looped over yet (https://bugs.webkit.org/show_bug.cgi?id=194379). */
async function* parts(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
