/** Model files in Cache Storage, by their hash, so that a new version is a new entry; broken downloads as parts beside them. */
import type { ModelEntry } from '../../shared/models.ts';

const NAME = 'restyle-models-v1';
const ID = 'x-model-id';
const VALIDATOR = 'x-model-validator';

/** A file in the cache, or what came of it. */
export interface KeptModel {
  readonly sha256: string;
  readonly id: string;
  readonly bytes: number;
  /** False: a download that broke off and can go on. */
  readonly whole: boolean;
}

/** The parts of a broken download, put together. */
export interface Beginning {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** ETag or date of the file they are of. */
  readonly validator: string;
}

const addressOf = (sha256: string) => `${location.origin}/restyle-models/${sha256}`;
const partAddress = (sha256: string, offset: number) => `${addressOf(sha256)}/${offset}`;

/** `…/<hash>` or `…/<hash>/<offset>`. */
function readAddress(url: string): { readonly sha256: string; readonly offset: number | null } {
  const [sha256 = '', offset] = new URL(url).pathname.split('/').slice(2);
  return { sha256, offset: offset === undefined ? null : Number(offset) };
}

/** null where the browser has none for this page: private windows, pages without TLS. */
export async function openModelCache(): Promise<Cache | null> {
  try {
    const { caches: all } = globalThis as Partial<WindowOrWorkerGlobalScope>;
    return (await all?.open(NAME)) ?? null;
  } catch {
    return null;
  }
}

export async function readWhole(
  cache: Cache,
  sha256: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const found = await cache.match(addressOf(sha256));
  return found ? new Uint8Array(await found.arrayBuffer()) : null;
}

/** Keeps a whole file in place of its parts and of the model's older versions; false if there is no room for it. */
export async function keepWhole(
  cache: Cache,
  { id, sha256 }: ModelEntry,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  await dropParts(cache, sha256);
  if (!(await put(cache, addressOf(sha256), bytes, { [ID]: id }))) return false;
  const older = (await list(cache)).filter((one) => one.id === id && one.sha256 !== sha256);
  await Promise.all(older.map((one) => drop(cache, one.sha256)));
  return true;
}

export const keepPart = (
  cache: Cache,
  { id, sha256 }: ModelEntry,
  offset: number,
  bytes: Uint8Array<ArrayBuffer>,
  validator: string,
): Promise<boolean> =>
  put(cache, partAddress(sha256, offset), bytes, { [ID]: id, [VALIDATOR]: validator });

/** Parts as far as they follow each other and are of the same file; null if there are none. */
export async function readParts(cache: Cache, sha256: string): Promise<Beginning | null> {
  const offsets = (await cache.keys())
    .map(({ url }) => readAddress(url))
    .filter((key) => key.sha256 === sha256 && key.offset !== null)
    .map(({ offset }) => offset!)
    .sort((a, b) => a - b);
  const parts: ArrayBuffer[] = [];
  let length = 0;
  let validator: string | null = null;
  for (const offset of offsets) {
    const found = await cache.match(partAddress(sha256, offset));
    const its = found?.headers.get(VALIDATOR) ?? '';
    validator ??= its;
    if (!found || offset !== length || its !== validator) break;
    const part = await found.arrayBuffer();
    parts.push(part);
    length += part.byteLength;
  }
  if (length === 0) return null;
  return { bytes: new Uint8Array(await new Blob(parts).arrayBuffer()), validator: validator ?? '' };
}

export async function dropParts(cache: Cache, sha256: string): Promise<void> {
  await dropWhere(cache, (key) => key.sha256 === sha256 && key.offset !== null);
}

/** The file and its parts. */
export async function drop(cache: Cache, sha256: string): Promise<void> {
  await dropWhere(cache, (key) => key.sha256 === sha256);
}

export async function list(cache: Cache): Promise<KeptModel[]> {
  const found = new Map<string, KeptModel>();
  for (const request of await cache.keys()) {
    const response = await cache.match(request);
    if (!response) continue;
    const { sha256, offset } = readAddress(request.url);
    const before = found.get(sha256);
    found.set(sha256, {
      sha256,
      id: response.headers.get(ID) ?? '',
      bytes: (before?.bytes ?? 0) + Number(response.headers.get('content-length')),
      whole: (before?.whole ?? false) || offset === null,
    });
  }
  return [...found.values()];
}

async function dropWhere(
  cache: Cache,
  condition: (key: ReturnType<typeof readAddress>) => boolean,
): Promise<void> {
  const keys = (await cache.keys()).filter(({ url }) => condition(readAddress(url)));
  await Promise.all(keys.map((key) => cache.delete(key)));
}

/** A full disk is no reason to fail: the model is in memory all the same. */
async function put(
  cache: Cache,
  url: string,
  bytes: Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>>,
): Promise<boolean> {
  try {
    const length = String(bytes.length);
    const type = 'application/octet-stream';
    await cache.put(
      url,
      new Response(bytes, {
        headers: { 'content-type': type, 'content-length': length, ...headers },
      }),
    );
    return true;
  } catch {
    return false;
  }
}
