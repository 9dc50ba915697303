import { randomBytes } from 'node:crypto';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ModelEntry } from '../../shared/models.ts';
import { PATIENCE } from './kit/chromium.ts';
import { useStage } from './kit/stage.ts';
import { TroubledServer } from './kit/troubled.ts';

const SIZE = 700_000;
const HALF = 400_000;

interface Ensured {
  readonly length?: number;
  readonly sum?: number;
  readonly seen: readonly number[];
  readonly error?: { name: string; kind: string; message: string; advice: string };
}

interface Kept {
  readonly sha256: string;
  readonly id: string;
  readonly bytes: number;
  readonly whole: boolean;
}

const stage = useStage({ harness: true });
let server: TroubledServer;
let context: BrowserContext;
let page: Page;

const call = <T>(name: string, argument: unknown = null): Promise<T> =>
  page.evaluate<T>(`harness.models.${name}(${JSON.stringify(argument)})`);
const ensure = (more: { entry?: ModelEntry; abortAt?: number } = {}) =>
  call<Ensured>('ensure', { entry: server.entry, url: server.url, ...more });
const listed = () => call<Kept[]>('list');

/** As the harness sums what it got. */
const sumOf = (bytes: Buffer) => bytes.reduce((sum, byte) => (sum * 31 + byte) % 1_000_003, 0);
const right = () => ({ length: server.body.length, sum: sumOf(server.body) });

async function open(): Promise<void> {
  await page.goto(server.origin);
  await page.locator('html[data-ready]').waitFor({ state: 'attached' });
}

beforeAll(async () => {
  server = await TroubledServer.open(stage.site.origin, randomBytes(SIZE));
});
afterAll(() => server.close());

beforeEach(async () => {
  context = await stage.browser.newContext();
  context.setDefaultTimeout(PATIENCE);
  page = await context.newPage();
  server.body = randomBytes(SIZE);
  server.etag = '"one"';
  server.moods = [];
  await open();
  server.take();
});
afterEach(() => context.close());

describe('model files in the browser', () => {
  it('are fetched once with progress, and are there without a network afterwards', async () => {
    const first = await ensure();
    expect(first).toMatchObject(right());
    expect(first.seen[0]).toBe(0);
    expect(first.seen.at(-1)).toBe(SIZE);
    const { sha256 } = server.entry;
    expect(await listed()).toEqual([{ sha256, id: 'test', bytes: SIZE, whole: true }]);
    await open();
    await context.setOffline(true);
    expect(await ensure()).toEqual({ ...right(), seen: [] });
    expect(server.take()).toEqual([{ range: null, status: 200 }]);
  });

  it('go on where the connection broke, also after a reload', async () => {
    server.moods = [{ breakAfter: HALF }, 'down'];
    const { error, seen } = await ensure();
    expect(error).toMatchObject({ kind: 'invalid-model' });
    expect(error?.advice).toContain('connection');
    const got = seen.at(-1)!;
    expect(await listed()).toMatchObject([{ bytes: got, whole: false }]);
    server.moods = [];
    await open();
    server.take();
    const rest = await ensure();
    expect(rest).toMatchObject(right());
    expect(rest.seen[0]).toBe(got);
    expect(server.take()).toEqual([{ range: `bytes=${got}-`, status: 206 }]);
    expect(await listed()).toMatchObject([{ bytes: SIZE, whole: true }]);
  });

  it('survive a connection that breaks again and again', async () => {
    server.moods = [200_000, 200_000, 200_000].map((breakAfter) => ({ breakAfter }));
    expect(await ensure()).toMatchObject(right());
    expect(server.take().map(({ status }) => status)).toEqual([200, 206, 206, 206]);
  });

  it('begin again where the server ignores Range, or has another file by now', async () => {
    server.moods = [{ breakAfter: HALF }, 'ignores-range'];
    expect(await ensure()).toMatchObject(right());
    expect(server.take().map(({ status }) => status)).toEqual([200, 200]);

    server.body = randomBytes(SIZE);
    server.moods = [{ breakAfter: HALF }, 'down'];
    await ensure();
    server.etag = '"two"';
    server.moods = [];
    server.take();
    expect(await ensure()).toMatchObject(right());
    expect(server.take().map(({ status }) => status)).toEqual([206, 200]);
  });

  it('begin again when the halves do not belong together', async () => {
    server.moods = [{ breakAfter: HALF }, 'wrong-bytes'];
    expect(await ensure()).toMatchObject(right());
    expect(server.take().map(({ status }) => status)).toEqual([200, 206, 200]);
  });

  it('are refused when they are not what the manifest means, and not kept', async () => {
    for (const [mood, words] of [
      ['wrong-bytes', 'arrived damaged'],
      ['too-long', 'longer than the manifest says'],
      ['gone', '404'],
      ['down', 'could not be fetched'],
    ] as const) {
      server.moods = [mood];
      const { error } = await ensure();
      expect(error).toMatchObject({ kind: 'invalid-model' });
      expect(error?.message).toContain(words);
      expect(await listed()).toEqual([]);
    }
  });

  it('are fetched again when the disk has damaged them', async () => {
    await ensure();
    await call('damage', server.entry.sha256);
    server.take();
    expect(await ensure()).toMatchObject(right());
    expect(server.take()).toEqual([{ range: null, status: 200 }]);
    expect(await ensure()).toMatchObject({ ...right(), seen: [] });
  });

  it('are fetched once for two who ask, and cancelled without losing what came', async () => {
    const { entry, url } = server;
    const sum = sumOf(server.body);
    expect(await call('twice', { entry, url })).toEqual([sum, sum]);
    expect(server.take()).toHaveLength(1);

    server.body = randomBytes(SIZE);
    server.moods = [{ breakAfter: HALF }];
    const { error, seen } = await ensure({ abortAt: 1 });
    expect(error).toMatchObject({ kind: 'cancelled', name: 'AbortError' });
    const part = (await listed()).find(({ whole }) => !whole);
    expect(part?.bytes).toBe(seen.at(-1));
    expect(await ensure()).toMatchObject(right());
  });

  it('give way to their next version, and can be removed', async () => {
    await ensure();
    server.body = randomBytes(SIZE - 1);
    await ensure();
    const { sha256 } = server.entry;
    expect(await listed()).toEqual([{ sha256, id: 'test', bytes: SIZE - 1, whole: true }]);
    await call('remove', sha256);
    expect(await listed()).toEqual([]);
  });

  it('work without being kept where there is no room or no Cache Storage', async () => {
    const cdp = await context.newCDPSession(page);
    await cdp.send('Storage.overrideQuotaForOrigin', { origin: server.origin, quotaSize: 1000 });
    server.moods = [{ breakAfter: HALF }];
    expect(await ensure()).toMatchObject(right());
    expect(await listed()).toEqual([]);
    await cdp.send('Storage.overrideQuotaForOrigin', { origin: server.origin });

    expect(await call('forbid')).toBe(false);
    expect(await ensure()).toMatchObject(right());
    expect(await listed()).toEqual([]);
  });
});
