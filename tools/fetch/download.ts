/** One file over HTTP: resumed, retried, and whole or not there. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askForRest, broughtBy, parts } from '../../shared/resume.ts';
import type { Download } from './sources.ts';

/** A download that did not come to be: one line for people. The command ends with exit code 1. */
export class FetchError extends Error {}

/** The next try, here or elsewhere, may do better. */
class Retry extends Error {
  constructor(
    message: string,
    /** What the server asks for in milliseconds. */
    readonly after = 0,
  ) {
    super(message);
  }
}

/** This address will not give the file; another may. */
class WrongAnswer extends Error {}

export interface DownloadOptions {
  /** Folder for what is not whole yet; a later call goes on from there. */
  readonly cache: string;
  /** Addresses of folders to take the file from, by its name, in place of the public ones. */
  readonly mirrors: readonly string[];
  /** Tries without progress at one address before the next. */
  readonly tries: number;
  /** Milliseconds before the second try; doubled for each further one. */
  readonly backoff: number;
  /** Milliseconds without a byte after which a connection counts as broken. */
  readonly patience: number;
  readonly onProgress: (loaded: number, total: number | undefined) => void;
}

const nameOf = (url: string): string => new URL(url).pathname.split('/').at(-1)!;

/** Bytes come whole and checked into a file of `cache`, whose path is returned. Throws FetchError. */
export async function download(source: Download, options: DownloadOptions): Promise<string> {
  const name = nameOf(source.urls[0]!);
  const part = join(options.cache, `${identity(source).slice(0, 12)}-${name}.part`);
  await mkdir(dirname(part), { recursive: true }).catch(rethrow(options.cache));
  const urls =
    options.mirrors.length > 0
      ? options.mirrors.map((base) => new URL(name, base.endsWith('/') ? base : `${base}/`).href)
      : source.urls;
  const failures: string[] = [];
  for (const url of urls) {
    try {
      await fromAddress(url, part, source, options);
      return part;
    } catch (error) {
      if (!(error instanceof WrongAnswer || error instanceof Retry)) throw error;
      failures.push(`${new URL(url).host}: ${error.message}`);
    }
  }
  throw new FetchError(`${name} could not be fetched: ${failures.join('; ')}`);
}

const identity = ({ hash }: Download): string => ('sha256' in hash ? hash.sha256 : hash.gitBlob);

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}

/** Tries an address until the file is whole; a try that brought bytes does not count against it. */
async function fromAddress(
  url: string,
  part: string,
  source: Download,
  options: DownloadOptions,
): Promise<void> {
  let fresh = false;
  for (let failed = 0; ;) {
    const before = await sizeOf(part);
    try {
      if (before === 0 || before !== source.bytes) await transfer(url, part, source, options);
      if (await matches(part, source)) return;
      await rm(part, { force: true });
      // What was resumed may have been the start of something else.
      if (fresh || before === 0) {
        const kind = 'sha256' in source.hash ? 'SHA-256' : 'git SHA-1';
        throw new WrongAnswer(`what came is another file (its ${kind} is not the pinned one)`);
      }
      fresh = true;
    } catch (error) {
      if (!(error instanceof Retry)) throw error;
      failed = (await sizeOf(part)) > before ? 1 : failed + 1;
      if (failed >= options.tries) throw error;
      await sleep(Math.max(error.after, options.backoff * 2 ** (failed - 1)));
    }
  }
}

/** One request, for what is not there yet. */
async function transfer(
  url: string,
  part: string,
  { bytes }: Download,
  { patience, onProgress }: DownloadOptions,
): Promise<void> {
  let have = await sizeOf(part);
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(), patience);
  let file: FileHandle | undefined;
  try {
    const response = await fetch(url, {
      headers: askForRest(have),
      signal: abort.signal,
    }).catch(rethrowNetwork);
    const expected = checkAnswer(response, have, bytes);
    // The server does not resume, or the part is longer than the file: from the start.
    if (response.status !== 206) have = 0;
    if (response.status === 416) {
      await rm(part, { force: true });
      throw new Retry('the part that was kept is not of this file');
    }
    file = await open(part, have > 0 ? 'a' : 'w').catch(rethrow(part));
    let first = have === 0;
    for await (const value of fromNetwork(parts(response.body!))) {
      if (first && isPage(value)) throw new WrongAnswer('a web page came in place of the file');
      first = false;
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(), patience);
      await file.writeFile(value).catch(rethrow(part));
      have += value.length;
      onProgress(have, expected);
      if (expected !== undefined && have > expected)
        throw new WrongAnswer(`it is longer than ${expected} bytes`);
    }
    if (expected !== undefined && have < expected)
      throw new Retry(`it ends after ${have} of ${expected} bytes`);
  } finally {
    clearTimeout(timer);
    abort.abort();
    await file?.close();
  }
}

/** The length that the whole file will have, if anyone knows. Throws Retry or WrongAnswer. */
function checkAnswer(
  response: Response,
  have: number,
  bytes: number | undefined,
): number | undefined {
  const { status, headers } = response;
  if (status === 416) return bytes;
  const brings = broughtBy(response, have);
  if (brings.what === 'busy') throw new Retry(`the server answers ${status}`, brings.after);
  if (brings.what === 'refusal') throw new WrongAnswer(`the server answers ${status}`);
  if (/^text\/html/i.test(headers.get('content-type') ?? ''))
    throw new WrongAnswer('a web page came in place of the file');
  if (brings.what === 'misfit') throw new WrongAnswer('the server resumes at the wrong place');
  const told = brings.total ?? undefined;
  if (bytes !== undefined && told !== undefined && told !== bytes)
    throw new WrongAnswer(`it has ${told} bytes, not ${bytes}`);
  return bytes ?? told;
}

/** What goes wrong on the way is the network's fault. */
async function* fromNetwork<T>(stream: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield* stream;
  } catch (error) {
    rethrowNetwork(error);
  }
}

const isPage = (start: Uint8Array): boolean =>
  /^\s*<(!doctype|html|\?xml)/i.test(new TextDecoder('latin1').decode(start.subarray(0, 100)));

async function matches(path: string, { bytes, hash }: Download): Promise<boolean> {
  const size = await sizeOf(path);
  if (bytes !== undefined && size !== bytes) return false;
  const digest = createHash('sha256' in hash ? 'sha256' : 'sha1');
  if ('gitBlob' in hash) digest.update(`blob ${size}\0`);
  for await (const chunk of createReadStream(path)) digest.update(chunk as Buffer);
  return digest.digest('hex') === ('sha256' in hash ? hash.sha256 : hash.gitBlob);
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

/** A disk's error, in words. */
export const rethrow =
  (path: string) =>
  (error: unknown): never => {
    const why: Partial<Record<string, string>> = {
      ENOSPC: `no space left on the disk of ${path}; free some and run the command again, it goes on from here`,
      EACCES: `${path} is not writable`,
      EROFS: `${path} is not writable`,
    };
    throw new FetchError(why[codeOf(error)] ?? `${path} cannot be written (${String(error)})`);
  };

const NETWORK: Partial<Record<string, string>> = {
  ENOTFOUND: 'no such host, or no network',
  EAI_AGAIN: 'no network',
  ENETUNREACH: 'no network',
  ECONNREFUSED: 'nobody answers there',
  ECONNRESET: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
};

function rethrowNetwork(error: unknown): never {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  if (error instanceof Error && error.name === 'AbortError') throw new Retry('nothing came');
  throw new Retry(NETWORK[codeOf(cause)] ?? `the connection broke (${String(cause)})`);
}
