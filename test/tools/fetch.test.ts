import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkModel, openNetwork, openUpscaler, readManifest } from '../../tools/library.ts';
import { SOURCES } from '../../tools/fetch/sources.ts';
import { runTool, type Finished } from '../support/run.ts';
import { safetensors, tinyVgg } from '../support/weights.ts';

/** Large enough that a connection can break in the middle of it. */
const FILE = Buffer.from(
  safetensors({
    ...tinyVgg(),
    'classifier.0.weight': { dims: [300_000], values: new Float32Array(300_000) },
  }),
);
const SRGAN = readFileSync(new URL('../fixtures/srgan/generator.pth', import.meta.url));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const gitBlob = (bytes: Uint8Array) =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let folder: string;
let models: string;
let cache: string;
let server: Server;
let base: string;
/** Ranges asked for, in order ('' for none), and what is answered to each request; the last answer repeats. */
let asked: string[];
let answers: Answer[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'restyle-'));
  [models, cache] = [join(folder, 'models'), join(folder, 'cache')];
  [asked, answers] = [[], [whole(FILE)]];
  server = createServer((request, response) => {
    asked.push(request.headers.range ?? '');
    (answers.length > 1 ? answers.shift()! : answers[0]!)(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

/** As a good server answers, ranges and all. */
function whole(bytes: Buffer, upTo = bytes.length): Answer {
  return ({ headers }, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
    const length = bytes.length - from;
    if (from > 0) {
      response.writeHead(206, {
        'content-length': length,
        'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
      });
    } else response.writeHead(200, { 'content-length': length });
    if (upTo >= bytes.length) response.end(bytes.subarray(from));
    // What was written arrives; then the connection ends early.
    else response.write(bytes.subarray(from, upTo), () => response.socket?.end());
  };
}
const status =
  (code: number, headers: Record<string, string> = {}, body = ''): Answer =>
  (_request, response) => {
    response.writeHead(code, headers);
    response.end(body);
  };

interface Source {
  readonly urls: string[];
  readonly bytes?: number;
  readonly hash: Record<string, string>;
}
const source = (changes: Partial<Source> = {}): object => ({
  urls: [`${base}/vgg19.safetensors`],
  bytes: FILE.length,
  hash: { sha256: sha256(FILE) },
  label: 'Tiny',
  licence: 'ours',
  source: 'a test',
  ...changes,
});

/** The same without its size, which is not always known. */
const unsized = (changes: Partial<Source> = {}): object =>
  Object.fromEntries(Object.entries(source(changes)).filter(([key]) => key !== 'bytes'));

function fetchWith(sources: object, ...args: string[]): Promise<Finished> {
  const list = join(folder, 'sources.json');
  writeFileSync(list, JSON.stringify(sources));
  return runTool('models', [
    ...['fetch', '--sources', list, '--models-dir', models, '--cache', cache],
    ...['--tries', '3', '--backoff', '10', '--patience', '60000', ...args],
  ]);
}
const fetchTiny = (changes: Partial<Source> = {}, ...args: string[]) =>
  fetchWith({ vgg19: [source(changes)] }, 'vgg19', ...args);

async function expectWhole({ code, stderr }: Finished): Promise<void> {
  expect([code, stderr]).toEqual([0, '']);
  const [entry] = (await readManifest(models)).models;
  expect(entry).toMatchObject({ id: 'vgg19', label: 'Tiny', licence: 'ours', source: 'a test' });
  expect(await checkModel(models, entry!)).toBeNull();
  expect((await openNetwork(models, 'vgg19')).taps).toContain('relu2_1');
  expect(readdirSync(cache)).toEqual([]);
}

/** One line, exit code 1, and no trace in the models folder. */
function expectRefused({ code, stdout, stderr }: Finished, why: RegExp): void {
  expect(stderr).toMatch(why);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect([code, stdout]).toEqual([1, '']);
  expect(existsSync(models)).toBe(false);
}

describe('npm run models -- fetch', () => {
  it('fetches, checks, cuts and names in the manifest, in one request', async () => {
    await expectWhole(await fetchTiny());
    expect(asked).toEqual(['']);
  });

  it('fetches all that the list has, told by git hash where that is all there is', async () => {
    answers = [
      (request, response) => whole(request.url!.endsWith('.pth') ? SRGAN : FILE)(request, response),
    ];
    const srgan = unsized({ urls: [`${base}/srgan.pth`], hash: { gitBlob: gitBlob(SRGAN) } });
    const { code } = await fetchWith({ vgg19: [source()], srgan: [srgan] }, 'all');
    expect(code).toBe(0);
    const { models: entries } = await readManifest(models);
    expect(entries.map(({ id, kind }) => [id, kind])).toEqual([
      ['vgg19', undefined],
      ['srgan', 'upscaler'],
    ]);
    expect((await openUpscaler(models, 'srgan')).scale).toBe(4);
  });

  it('goes on after a broken connection, from where it broke', async () => {
    answers = [whole(FILE, 500_000), whole(FILE)];
    await expectWhole(await fetchTiny());
    expect(asked).toHaveLength(2);
    expect(Number(/^bytes=(\d+)-$/.exec(asked[1]!)![1])).toBeGreaterThan(100_000);
  });

  it('goes on with what an earlier run had', async () => {
    answers = [whole(FILE, 500_000), status(404)];
    const first = await fetchTiny();
    expectRefused(first, /the server answers 404/);
    expect(readdirSync(cache)).toHaveLength(1);
    [asked, answers] = [[], [whole(FILE)]];
    await expectWhole(await fetchTiny());
    expect(asked[0]).toMatch(/^bytes=\d{6}-$/);
  });

  it('starts again where the server does not resume', async () => {
    const noRanges: Answer = (_request, response) => response.end(FILE);
    answers = [whole(FILE, 500_000), noRanges];
    await expectWhole(await fetchTiny());
  });

  it('starts again if what it had was of another file', async () => {
    mkdirSync(cache);
    const part = `${sha256(FILE).slice(0, 12)}-vgg19.safetensors.part`;
    writeFileSync(join(cache, part), Buffer.alloc(1000, 1));
    await expectWhole(await fetchTiny());
    expect(asked).toEqual(['bytes=1000-', '']);
  });

  it('waits and tries again when the server is busy', async () => {
    answers = [status(503), status(429, { 'retry-after': '1' }), whole(FILE)];
    await expectWhole(await fetchTiny());
    expect(asked).toHaveLength(3);
  });

  it('gives up on a silent connection, and tries again', async () => {
    const silent: Answer = (_request, response) => {
      response.writeHead(200, { 'content-length': FILE.length });
      response.write(FILE.subarray(0, 200_000));
    };
    answers = [silent, whole(FILE)];
    await expectWhole(await fetchTiny({}, '--patience', '1500'));
  });

  it('takes the next address, the next source, or a mirror', async () => {
    answers = [status(404), whole(FILE)];
    await expectWhole(
      await fetchTiny({ urls: [`${base}/gone.safetensors`, `${base}/here.safetensors`] }),
    );
    rmSync(models, { recursive: true });
    answers = [status(410), whole(FILE)];
    await expectWhole(await fetchWith({ vgg19: [source(), source()] }, 'vgg19'));
    rmSync(models, { recursive: true });
    const far = { urls: ['http://models.invalid/path/vgg19.safetensors'] };
    await expectWhole(await fetchTiny(far, '--mirror', `${base}/copies`));
  });
});

describe('what a fetch refuses: one line, exit code 1, nothing written', () => {
  it('a wrong hash', async () => {
    const other = Buffer.from(FILE);
    other[other.length - 1]! ^= 1;
    answers = [whole(other)];
    expectRefused(await fetchTiny(), /SHA-256 is not the pinned one/);
    expect(readdirSync(cache)).toEqual([]);
  });

  it('a body that always ends too early', async () => {
    answers = [(_request, response) => response.end(FILE.subarray(0, 1000))];
    expectRefused(await fetchTiny(), /it ends after 1000 of|it has 1000 bytes, not/);
    answers = [whole(FILE, 300_000)];
    rmSync(cache, { recursive: true });
    expectRefused(await fetchTiny(), /the connection broke/);
  });

  it('a body that never ends', async () => {
    answers = [(_request, response) => void response.write(Buffer.concat([FILE, FILE]))];
    expectRefused(await fetchTiny(), /longer than \d+ bytes/);
  });

  it.each([
    ['by its type', status(200, { 'content-type': 'text/html; charset=utf-8' }, 'Sign in')],
    ['by its beginning', status(200, {}, '<!DOCTYPE html><title>Not found</title>')],
  ])('HTML in place of a model, told %s', async (_how, answer) => {
    answers = [answer];
    expectRefused(await fetchWith({ vgg19: [unsized()] }, 'vgg19'), /web page came in place/);
  });

  it('no network', async () => {
    const urls = ['http://models.invalid/vgg19.safetensors'];
    expectRefused(await fetchTiny({ urls }), /no such host, or no network|no network/);
    server.close();
    server.closeAllConnections();
    expectRefused(await fetchTiny(), /nobody answers there/);
  });

  it('a file that is what was pinned, but holds no weights', async () => {
    const bytes = Buffer.from('{}');
    answers = [whole(bytes)];
    const pinned = { bytes: bytes.length, hash: { sha256: sha256(bytes) } };
    expectRefused(await fetchTiny(pinned), /could not be used: not a safetensors file/);
  });

  it.skipIf(!existsSync('/dev/full'))('a full disk', async () => {
    mkdirSync(cache);
    const part = `${sha256(FILE).slice(0, 12)}-vgg19.safetensors.part`;
    symlinkSync('/dev/full', join(cache, part));
    expectRefused(await fetchTiny(), /no space left on the disk/);
  });

  it('bad options, with exit code 2', async () => {
    for (const args of [['alexnet'], ['vgg19', '--mirror', 'here'], ['vgg19', '--tries', '0']])
      expect((await fetchWith({ vgg19: [source()] }, ...args)).code).toBe(2);
    const { code, stderr } = await fetchWith({ vgg19: [{ urls: [] }] }, 'vgg19');
    expect([code, stderr]).toEqual([2, expect.stringContaining('is not a list of sources')]);
  });
});

it('pins a hash and an address over HTTPS for every public file', () => {
  expect(Object.keys(SOURCES)).toEqual(['vgg19', 'resnet50', 'srgan']);
  for (const { urls, hash } of Object.values(SOURCES).flat()) {
    expect(Object.values(hash)[0]).toMatch(/^([0-9a-f]{40}|[0-9a-f]{64})$/);
    for (const url of urls) expect(url).toMatch(/^https:\/\/[a-z.]+\/.+\.(pth|onnx|safetensors)$/);
  }
});
