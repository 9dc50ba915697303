import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '../../bot/http/headers.ts';
import { launch, launchProfile } from './kit/chromium.ts';
import { Host } from './kit/host.ts';
import { buildPage } from './kit/site.ts';
import { finish, openStudio, photoSize, reachStep, type Studio } from './kit/studio.ts';

/** Of JavaScript until the page can be used, packed. */
const BUDGET = 90_000;

let browser: Browser;
let folder: string;
let host: Host;
let studio: Studio | undefined;

beforeAll(async () => {
  browser = await launch();
  folder = await buildPage({ minify: true });
  host = await new Host(folder).open();
});
afterEach(async () => {
  await studio?.close();
  studio = undefined;
  host.folder = folder;
});
afterAll(async () => {
  await browser.close();
  await host.close();
});

const read = (path: string) => readFile(join(folder, path));

async function visit(search: string, serviceWorker = true): Promise<Page> {
  studio = await openStudio({ browser, site: host }, search, { serviceWorker });
  if (serviceWorker) await settled(studio.page);
  return studio.page;
}

/** Isolated, and everything is kept. */
async function settled(page: Page): Promise<void> {
  await page.locator('.backend[data-threads]', { hasNotText: 'One thread only' }).waitFor();
  await page.locator('[data-offline=ready]').waitFor({ state: 'attached' });
}

describe('the manifest', () => {
  interface Icon {
    readonly src: string;
    readonly sizes: string;
    readonly type: string;
    readonly purpose: string;
  }

  it('has icons of the stated sizes, and they are there', async () => {
    const manifest = JSON.parse((await read('app.webmanifest')).toString()) as { icons: Icon[] };
    const found = await Promise.all(
      manifest.icons.map(async ({ src, purpose }) => {
        const { width, height, format } = await sharp(await read(src)).metadata();
        return `${purpose} ${width}x${height} ${format}`;
      }),
    );
    expect(found).toEqual(['any 192x192 png', 'any 512x512 png', 'maskable 512x512 png']);
    expect(manifest.icons.map(({ sizes, purpose }) => `${purpose} ${sizes} png`)).toEqual(found);
  });

  it('is one that Chromium would install the page by, in its sub-folder', async () => {
    // Pages cannot be installed from the private windows that contexts are.
    const profile = await mkdtemp(join(tmpdir(), 'restyle-profile-'));
    const lasting = await launchProfile(profile);
    try {
      const page = await lasting.newPage();
      await page.goto(`${host.origin}/`);
      await settled(page);
      const devtools = await lasting.newCDPSession(page);
      const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
      expect(installabilityErrors).toEqual([]);
      const { url, errors, data } = await devtools.send('Page.getAppManifest');
      expect([url, errors]).toEqual([`${host.origin}/app.webmanifest`, []]);
      expect(JSON.parse(data!)).toMatchObject({
        name: 'Restyle',
        description: expect.stringContaining('Repaint') as string,
        display: 'standalone',
        start_url: './',
        scope: './',
        share_target: { action: './share', method: 'POST', enctype: 'multipart/form-data' },
      });
    } finally {
      await lasting.close();
      await rm(profile, { recursive: true, force: true });
    }
  });
});

describe('the built page', () => {
  it('carries the policy that the server sends, but for what only a header can say', async () => {
    const page = await visit('', false);
    const meta = page.locator('meta[http-equiv=content-security-policy]');
    const own = (await meta.getAttribute('content'))!.split('; ');
    const sent = CONTENT_SECURITY_POLICY.split('; ');
    expect(own).toEqual(sent.filter((directive) => !directive.startsWith('frame-ancestors')));
  });

  it('starts the runtime ahead where all is kept, and not for people who save data', async () => {
    const page = await visit('');
    /** What the worker has fetched by the time that it answers. */
    const fetched = async () => {
      await page.goto(`${host.origin}/?ahead=1`);
      await page.locator('.backend[data-threads]').waitFor();
      const worker = page.workers().find((one) => /\/worker-[^/]*\.js$/.test(one.url()))!;
      const names = `performance.getEntriesByType('resource').map(({ name }) => name)`;
      return worker.evaluate<string[]>(names);
    };
    const engine = expect.stringMatching(/\/painter-/) as string;
    await expect.poll(fetched).toContainEqual(engine);
    await page.addInitScript(
      `Object.defineProperty(navigator, 'connection', { value: { saveData: true } })`,
    );
    expect(await fetched()).not.toContainEqual(engine);
  });

  it('can be used before any WebAssembly, after 90 kB of JavaScript', async () => {
    host.asked.length = 0;
    await visit('', false);
    expect(host.asked.filter((path) => path.endsWith('.wasm'))).toEqual([]);
    const scripts = new Set(host.asked.filter((path) => /\.m?js$/.test(path)));
    expect([...scripts].some((path) => path.includes('/ort'))).toBe(false);
    const packed = await Promise.all(
      [...scripts].map(async (path) => gzipSync(await read(path)).length),
    );
    const bytes = packed.reduce((sum, each) => sum + each, 0);
    expect(packed.length).toBeGreaterThan(1);
    expect(bytes).toBeLessThanOrEqual(BUDGET);
  });

  it('offers to be installed when the browser does, once', async () => {
    const page = await visit('', false);
    const verb = page.locator('[data-verb=install]:visible');
    expect(await verb.count()).toBe(0);
    await page.evaluate(`{
      const offer = new Event('beforeinstallprompt', { cancelable: true });
      offer.prompt = async () => { document.title = 'asked'; };
      dispatchEvent(offer);
    }`);
    await verb.click();
    await expect.poll(() => page.title()).toBe('asked');
    expect(await verb.count()).toBe(0);
  });
});

describe('the service worker', () => {
  it('takes a picture shared from another app to the easel', async () => {
    const page = await visit('');
    const own = { width: 90, height: 60, channels: 3 as const, background: '#a33' };
    const buffer = await sharp({ create: own }).png().toBuffer();
    await page.goto(new URL('/elsewhere', host.origin).href);
    // As the system posts it; from a page without a policy, as ours may not post forms.
    await page.setContent(`<form method="post" enctype="multipart/form-data" accept-charset="utf-8" action="${host.origin}/share">
      <input type="file" name="photo" /><button>Share</button></form>`);
    const file = { name: 'Закат.png', mimeType: 'image/png', buffer };
    await page.locator('input').setInputFiles(file);
    await page.locator('button').click();
    await page.locator('.photo[src^="blob:"]').waitFor();
    expect(await photoSize(page)).toEqual({ width: 90, height: 60 });
    expect(await page.getByRole('radio', { name: 'Закат' }).isChecked()).toBe(true);
    expect(new URL(page.url()).search).toBe('');
    // The samples are still there, and a reload does not bring the picture again.
    expect(await page.locator('[data-role=photo] .tile input').count()).toBeGreaterThan(1);
    await page.reload();
    await page.locator('.action:enabled').waitFor();
    expect(await page.locator('.photo').getAttribute('src')).toContain('samples/');
    expect(host.asked).not.toContain('share');
    expect(studio?.complaints).toEqual([]);
  });

  it('offers a new version when nobody is painting, and leaves other tabs what they need', async () => {
    const edition = 'next';
    const next = await buildPage({ minify: true, edition });
    const busy = await visit('?size=64&steps=5000');
    const idle = await busy.context().newPage();
    await idle.goto(`${host.origin}/`);
    await settled(idle);
    await busy.locator('.action').click();
    await reachStep(busy, 2);

    host.folder = next;
    await idle.evaluate('navigator.serviceWorker.getRegistration().then((it) => it.update())');
    await idle.locator('[data-verb=update]').waitFor();
    const waiting = 'navigator.serviceWorker.getRegistration().then((it) => it.waiting?.state)';
    expect(await busy.evaluate(waiting)).toBe('installed');
    expect(await busy.locator('[data-verb=update]').count()).toBe(0);
    await busy.locator('[data-verb=stop]').click();
    await finish(busy);
    await busy.locator('[data-verb=update]').waitFor();

    expect(await editionOf(idle)).not.toContain(edition);
    await idle.locator('[data-verb=update]').click();
    await expect.poll(() => editionOf(idle)).toContain(edition);
    await settled(idle);
    // Not reloaded, and still able to fetch what only the old version has.
    await busy.getByText('Loss curve').click();
    await busy.locator('.plot canvas').waitFor();
    expect(await oldFiles(idle, edition)).toBeGreaterThan(0);
    await busy.locator('[data-verb=update]').click();
    await expect.poll(() => editionOf(busy)).toContain(edition);

    // With one tab left, so are the old files no more.
    await busy.close();
    await idle.reload();
    await expect.poll(() => oldFiles(idle, edition)).toBe(0);
    await settled(idle);
    expect(studio?.complaints).toEqual([]);
  });
});

/** Names of the scripts that the page was made of; empty while it is being loaded. */
async function editionOf(page: Page): Promise<string> {
  const names = `performance.getEntriesByType('resource').map(({ name }) => name).join()`;
  return page.evaluate<string>(names).catch(() => '');
}

/** How many entry scripts of other versions than this are kept; -1 while the page is being loaded. */
async function oldFiles(page: Page, edition: string): Promise<number> {
  const keys = `(async () => {
    const opened = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const kept = await Promise.all(opened.map((cache) => cache.keys()));
    return kept.flat().map(({ url }) => url);
  })()`;
  const urls = await page.evaluate<string[]>(keys).catch(() => null);
  if (!urls) return -1;
  return urls.filter((url) => /\/index-[^/]*\.js$/.test(url) && !url.includes(edition)).length;
}
