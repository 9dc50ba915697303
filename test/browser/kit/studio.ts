import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { PATIENCE } from './chromium.ts';
import type { Stage } from './stage.ts';

/** The page in a fresh profile, with everything it complained about and asked the network for. */
export interface Studio {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export interface StudioOptions extends BrowserContextOptions {
  /** Without it the browser is one that has none, so that requests are the page's own and can be routed. */
  readonly serviceWorker?: boolean;
}

export async function openStudio(
  { browser, site }: Stage,
  search: string,
  { serviceWorker = false, ...options }: StudioOptions = {},
): Promise<Studio> {
  const context = await browser.newContext({ locale: 'en-US', ...options });
  if (!serviceWorker) await context.addInitScript('delete Navigator.prototype.serviceWorker');
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const [complaints, requests]: [string[], string[]] = [[], []];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  context.on('request', (request) => requests.push(request.url()));
  const address = new URL(`${site.origin}/${search}`);
  // Measuring the device and reading the photo take their time from the test.
  if (!address.searchParams.has('ahead')) address.searchParams.set('ahead', '0');
  await page.goto(address.href);
  await page.locator('.action:enabled').waitFor();
  return { page, complaints, requests, close: () => context.close() };
}

/** -1 when nothing runs. */
export const stepOf = (page: Page): Promise<number> =>
  page.evaluate(`Number(document.querySelector('progress')?.dataset.step ?? -1)`);

/** Waits until the run has taken so many steps. */
export async function reachStep(page: Page, step: number): Promise<void> {
  await expect.poll(() => stepOf(page)).toBeGreaterThanOrEqual(step);
}

export async function finish(page: Page): Promise<void> {
  await page.locator('[data-phase=done]').waitFor();
}

export async function chooseFile(
  page: Page,
  role: 'photo' | 'style',
  name: string,
  buffer: Buffer,
  mimeType = 'image/png',
): Promise<void> {
  await page.locator(`[data-file=${role}]`).first().setInputFiles({ name, mimeType, buffer });
}

/** Hands a file to the page as the system does on drop or paste. */
export async function handOver(
  page: Page,
  how: 'drop' | 'paste',
  target: string,
  name: string,
  bytes: Buffer,
): Promise<void> {
  const data = JSON.stringify([...bytes]);
  await page.evaluate(`{
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(${data})], ${JSON.stringify(name)}));
    const target = document.querySelector(${JSON.stringify(target)});
    target.dispatchEvent('${how}' === 'drop'
      ? new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })
      : new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true }));
  }`);
}

/** Size of the photo on the easel as the person sees it. */
export const photoSize = (page: Page): Promise<{ width: number; height: number }> =>
  page.evaluate(`(async () => {
    const image = document.querySelector('.photo');
    await image.decode();
    return { width: image.naturalWidth, height: image.naturalHeight };
  })()`);

/** Mean difference in 0..255 between the painting on the easel and the photo under it. */
export const distanceToPhoto = (page: Page): Promise<number> =>
  page.evaluate(`(() => {
    const painting = document.querySelector('canvas.pastiche');
    const { width, height } = painting;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    context.drawImage(document.querySelector('.photo'), 0, 0, width, height);
    const a = context.getImageData(0, 0, width, height).data;
    const b = painting.getContext('2d').getImageData(0, 0, width, height).data;
    return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
  })()`);

/** Hides the tab, as far as the page can tell, or shows it again. */
export const hide = (page: Page, hidden: boolean): Promise<void> =>
  page.evaluate(`(() => {
    const value = ${hidden} ? 'hidden' : 'visible';
    Object.defineProperty(document, 'visibilityState', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  })()`);

/** Time enough for whatever the page does by itself. */
export const frames = (page: Page, count: number): Promise<void> =>
  page.evaluate(`(async () => {
    for (let i = 0; i < ${count}; i++) await new Promise(requestAnimationFrame);
  })()`);
