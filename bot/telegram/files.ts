import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { Readable } from 'node:stream';
import { JOB_LIMITS } from '../../shared/job.ts';
import { FileUnavailable, TelegramUnreachable } from '../errors.ts';

export interface FileSource {
  readonly botToken: string;
  readonly apiRoot: string;
  readonly apiFiles: string | null;
}

export interface OpenedFile {
  readonly stream: Readable;
  readonly size: number | null;
}

/** Milliseconds without a byte after which a download is given up; how long it takes in all does not matter. */
const SILENCE = 60_000;

/**
 * Open the file behind a `file_path` of our own getFile. The address holds the bot token, so it stays in here:
 * nobody else's address is ever fetched, no redirect is followed, and no error repeats it.
 */
export async function openTelegramFile(
  path: string,
  source: FileSource,
  quit: AbortSignal,
  silence = SILENCE,
): Promise<OpenedFile> {
  if (path.startsWith('/')) return await openLocal(path, source.apiFiles);
  if (path.split('/').includes('..')) throw new FileUnavailable('a strange path');
  const address = `${source.apiRoot}/file/bot${source.botToken}/${encodeURI(path)}`;
  const watch = new Watch(silence);
  let answer: Response;
  try {
    const signal = AbortSignal.any([quit, watch.signal]);
    answer = await fetch(address, { redirect: 'error', signal });
  } catch {
    watch.rest();
    throw new TelegramUnreachable('file', 'connection');
  }
  try {
    return await accept(answer, watch);
  } catch (error) {
    watch.rest();
    throw error;
  }
}

async function accept(answer: Response, watch: Watch): Promise<OpenedFile> {
  if (answer.status >= 500 || answer.status === 429 || answer.body === null) {
    await answer.body?.cancel();
    throw new TelegramUnreachable('file', `status ${answer.status}`);
  }
  if (!answer.ok) {
    await answer.body.cancel();
    throw new FileUnavailable(`status ${answer.status}`);
  }
  const declared = Number(answer.headers.get('content-length') ?? Number.NaN);
  const size = Number.isSafeInteger(declared) ? declared : null;
  if (size !== null && size > JOB_LIMITS.bytes) {
    await answer.body.cancel();
    throw new FileUnavailable('too large');
  }
  return { stream: Readable.from(watched(answer.body, JOB_LIMITS.bytes, watch)), size };
}

/** A Bot API server in --local mode hands out paths on its disk; only its own folder is read. */
async function openLocal(path: string, folder: string | null): Promise<OpenedFile> {
  if (folder === null) throw new FileUnavailable('BOT_API_FILES is not set');
  try {
    const [file, root] = await Promise.all([realpath(path), realpath(folder)]);
    if (!file.startsWith(root.endsWith(sep) ? root : root + sep)) throw new Error('outside');
    const { size } = await stat(file);
    if (size > JOB_LIMITS.bytes) throw new Error('too large');
    return { stream: createReadStream(file), size };
  } catch {
    throw new FileUnavailable('not in BOT_API_FILES');
  }
}

/** Aborts after so many milliseconds without a byte. */
class Watch {
  readonly #abort = new AbortController();
  readonly #silence: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(silence: number) {
    this.#silence = silence;
    this.start();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  start(): void {
    this.#timer = setTimeout(() => this.#abort.abort(), this.#silence);
  }

  rest(): void {
    clearTimeout(this.#timer);
  }
}

async function* watched(
  body: ReadableStream<Uint8Array>,
  limit: number,
  watch: Watch,
): AsyncGenerator<Uint8Array> {
  let total = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      total += chunk.byteLength;
      if (total > limit) throw new FileUnavailable('too large');
      // A slow reader is not Telegram's silence.
      watch.rest();
      yield chunk;
      watch.start();
    }
  } catch (error) {
    // The texts of other libraries go no further: they may hold the address.
    throw error instanceof FileUnavailable ? error : new TelegramUnreachable('file', 'broken off');
  } finally {
    watch.rest();
  }
}
