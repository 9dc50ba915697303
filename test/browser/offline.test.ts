import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launch } from './kit/chromium.ts';
import { Host } from './kit/host.ts';
import { buildPage, openSite, type Site } from './kit/site.ts';
import { distanceToPhoto, finish, openStudio, type Studio } from './kit/studio.ts';

let browser: Browser;
let folder: string;
let studio: Studio;

beforeAll(async () => {
  browser = await launch();
  folder = await buildPage({ minify: true });
});
afterEach(() => studio.close());
afterAll(async () => {
  await browser.close();
});

async function visit(site: Site, search: string): Promise<Studio> {
  studio = await openStudio({ browser, site }, search, { serviceWorker: true });
  return studio;
}

const offlineReady = (page: Page) =>
  page.locator('[data-offline=ready]').waitFor({ state: 'attached' });

/** The page has found out what it can do, and that includes threads. */
const isolated = (page: Page) =>
  page.locator('.backend[data-threads]', { hasNotText: 'One thread only' }).waitFor();

const isIsolated = (page: Page) => page.evaluate<boolean>('crossOriginIsolated');

/** Loads of the page in this tab, from now on. */
function countLoads(page: Page): { count: number } {
  const loads = { count: 0 };
  page.on('load', () => loads.count++);
  return loads;
}

describe('on a static host that sends no headers', () => {
  let host: Host;

  beforeAll(async () => {
    host = await new Host(folder).open();
  });

  it('leaves alone who has begun, and isolates the page the next time', async () => {
    const release = host.hold('sw.js');
    const { page, complaints } = await visit(host, '');
    const loads = countLoads(page);
    await page.keyboard.press('Tab');
    release();
    await offlineReady(page);
    expect(await page.evaluate('navigator.serviceWorker.controller !== null')).toBe(true);
    expect([loads.count, await isIsolated(page)]).toEqual([0, false]);
    await page.reload();
    await isolated(page);
    expect([loads.count, await isIsolated(page)]).toEqual([1, true]);
    expect(complaints).toEqual([]);
  });

  it('paints a whole picture without a network after one visit without a run', async () => {
    host.asked.length = 0;
    const { page, complaints, requests } = await visit(host, '?size=64&steps=4');
    await isolated(page);
    const loads = countLoads(page);
    await offlineReady(page);
    // Of three builds of the runtime the one in use.
    const wasm = host.asked.filter((path) => path.endsWith('.wasm'));
    expect(wasm).toEqual([expect.stringMatching(/ort-wasm-simd-threaded-[\w-]+\.wasm$/)]);

    // Of the models what a run and a sketch take, and no more than 4.5 MB.
    const models = host.asked.filter((path) => path.endsWith('.onnx')).sort();
    const names = ['lite-resnet', 'lite-sketch', 'lite-sr', 'lite-vgg'];
    expect(models).toEqual(names.map((name) => `models/${name}.onnx`));
    const sizes = await Promise.all(
      models.map(async (path) => (await stat(join(folder, path))).size),
    );
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(4.5e6);

    await host.close();
    const sketched = async () => {
      await page.reload();
      await page.locator('.action:enabled').waitFor();
      await page.locator('fieldset[data-role=style] label.tile').nth(1).click();
      await page.locator('canvas.sketch').waitFor();
    };
    await sketched();
    // Nor does it take what the browser keeps by itself, and lets go of when it likes.
    await (await page.context().newCDPSession(page)).send('Network.clearBrowserCache');
    await sketched();
    await page.locator('.action:enabled').click();
    await finish(page);
    expect(await page.locator('.finished').getAttribute('data-end')).toBe('whole');
    expect(await distanceToPhoto(page)).toBeGreaterThan(2);
    expect([loads.count, await isIsolated(page)]).toEqual([2, true]);
    // Every picture to choose from is there, too.
    const pictures = `[...document.images].map((image) => image.naturalWidth > 0)`;
    expect(new Set(await page.evaluate<boolean[]>(pictures))).toEqual(new Set([true]));
    expect(complaints).toEqual([]);
    const own = (url: string) => url.startsWith(host.origin) || /^(blob|data):/.test(url);
    expect(requests.filter((url) => !own(url))).toEqual([]);
  });
});

describe("on the project's own server", () => {
  let site: Site;

  beforeAll(async () => {
    site = await openSite({ minify: true });
  });
  afterAll(() => site.close());

  it('has no need to load the page twice', async () => {
    const { page, complaints } = await visit(site, '');
    const loads = countLoads(page);
    await offlineReady(page);
    expect([loads.count, await isIsolated(page)]).toEqual([0, true]);
    expect(complaints).toEqual([]);
  });
});
