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

/**
 * Open the file behind a `file_path` of our own getFile. The address holds the bot token, so it stays in here:
 * nobody else's address is ever fetched, no redirect is followed, and no error repeats it.
 */
export async function openTelegramFile(
  path: string,
  source: FileSource,
  quit: AbortSignal,
): Promise<OpenedFile> {
  if (path.startsWith('/')) return await openLocal(path, source.apiFiles);
  if (path.split('/').includes('..')) throw new FileUnavailable('a strange path');
  const address = `${source.apiRoot}/file/bot${source.botToken}/${encodeURI(path)}`;
  let answer: Response;
  try {
    const signal = AbortSignal.any([quit, AbortSignal.timeout(60_000)]);
    answer = await fetch(address, { redirect: 'error', signal });
  } catch {
    throw new TelegramUnreachable('file', 'connection');
  }
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
  return { stream: Readable.from(capped(answer.body, JOB_LIMITS.bytes)), size };
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

async function* capped(
  body: ReadableStream<Uint8Array>,
  limit: number,
): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    total += chunk.byteLength;
    if (total > limit) throw new FileUnavailable('too large');
    yield chunk;
  }
}
