import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { useStage } from './kit/stage.ts';
import {
  distanceToPhoto,
  finish,
  openStudio,
  reachStep,
  stepOf,
  type Studio,
} from './kit/studio.ts';

const stage = useStage();
let studio: Studio;

afterEach(() => studio.close());

describe('the page', () => {
  it('repaints the photo on the easel at the press of one button, and saves it', async () => {
    studio = await openStudio(stage, '?size=96&steps=120');
    const { page, complaints, requests } = studio;
    expect(requests.filter((url) => url.endsWith('.wasm'))).toEqual([]);
    await page.locator('.action').click();

    await page.locator('canvas.pastiche').waitFor();
    await reachStep(page, 2);
    const early = await stepOf(page);
    await reachStep(page, early + 1);
    expect(await page.locator('.figures').innerText()).toMatch(
      /[Ss]tep \d+ of 120.*steps\/s.*left/s,
    );
    const threads = Math.min(8, availableParallelism());
    expect(await page.evaluate('crossOriginIsolated')).toBe(true);
    expect(await page.locator('.backend').innerText()).toContain(`WebAssembly, ${threads} thread`);
    // The engine's worker, and one for each thread beyond its own.
    expect(page.workers()).toHaveLength(threads);

    await finish(page);
    expect(await page.locator('.finished').getAttribute('data-end')).toBe('whole');
    expect(await distanceToPhoto(page)).toBeGreaterThan(10);
    const { width, height } = (await page.locator('.split').boundingBox())!;
    await page.locator('.compare').click({ position: { x: width * 0.75, y: height / 2 } });
    expect(Number(await page.locator('.split').inputValue())).toBeCloseTo(75, 0);

    const downloading = page.waitForEvent('download');
    await page.locator('[data-verb=save]').click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('restyle_Mountain-lake_Night-swirls.png');
    const png = await readFile(await download.path());
    expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 96, height: 72 });

    // Only the runtime in use was fetched, and nothing from anywhere else.
    const runtimes = requests.filter((url) => url.endsWith('.wasm'));
    expect(runtimes).toHaveLength(1);
    expect(runtimes[0]).toMatch(/simd-threaded-[\w-]+\.wasm$/);
    const foreign = requests.filter(
      (url) => !url.startsWith(stage.site.origin) && !/^(blob|data):/.test(url),
    );
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('pauses, goes on, and keeps the best so far when stopped', async () => {
    studio = await openStudio(stage, '?size=96&steps=5000');
    const { page, complaints } = studio;
    await page.locator('.action').click();
    await reachStep(page, 3);
    await page.getByRole('button', { name: 'Pause' }).click();
    const resume = page.getByRole('button', { name: 'Go on' });
    await resume.waitFor();
    let paused = -1;
    // Steps already under way still arrive.
    await expect
      .poll(async () => paused === (paused = await stepOf(page)), {
        interval: 500,
      })
      .toBe(true);
    await page.waitForTimeout(700);
    expect(await stepOf(page)).toBe(paused);
    await resume.click();
    await reachStep(page, paused + 2);
    await page.locator('[data-verb=stop]').click();
    await finish(page);
    expect(await page.locator('.finished').getAttribute('data-end')).toBe('stopped');
    expect(await page.locator('.finished').innerText()).toContain('the best so far');
    expect(await distanceToPhoto(page)).toBeGreaterThan(2);
    expect(complaints).toEqual([]);
  });

  it('draws the loss curve on request', async () => {
    studio = await openStudio(stage, '?size=64&steps=12');
    const { page, complaints, requests } = studio;
    await page.locator('.action').click();
    await finish(page);
    expect(requests.some((url) => url.includes('plot'))).toBe(false);
    await page.getByText('Loss curve').click();
    await page.locator('.plot canvas').waitFor();
    expect(requests.some((url) => url.includes('plot'))).toBe(true);
    expect(complaints).toEqual([]);
  });

  it('offers to start again when a choice changes during the run', async () => {
    studio = await openStudio(stage, '?size=64&steps=4000');
    const { page } = studio;
    await page.locator('.action').click();
    await reachStep(page, 2);
    await page.getByRole('radio', { name: 'Stained glass' }).check();
    await page.getByRole('button', { name: 'Start again with these choices' }).click();
    await page.getByRole('button', { name: 'Painting' }).waitFor();
    await reachStep(page, 2);
    await page.locator('[data-verb=stop]').click();
    await finish(page);
    const label = await page.locator('canvas.pastiche').getAttribute('aria-label');
    expect(label).toContain('Stained glass');
  });

  it('explains a network that cannot be fetched, and tries again when asked', async () => {
    studio = await openStudio(stage, '?size=64&steps=4');
    const { page } = studio;
    await page.context().route('**/*.onnx', (route) => route.abort());
    await page.locator('.action').click();
    const notice = page.getByRole('alert');
    await notice.waitFor();
    expect(await notice.innerText()).toContain('The network could not be loaded.');
    expect(await notice.innerText()).toContain('Check the connection');
    await page.context().unroute('**/*.onnx');
    await notice.getByRole('button', { name: 'Try again' }).click();
    await finish(page);
    expect(await notice.count()).toBe(0);
  });

  it('speaks the language of the browser, and fits a narrow phone', async () => {
    const viewport = { width: 320, height: 640 };
    studio = await openStudio(stage, '', { locale: 'ru-RU', viewport });
    const { page, complaints } = studio;
    expect(await page.locator('.action').innerText()).toBe('Перерисовать');
    expect(await page.evaluate('document.documentElement.lang')).toBe('ru');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    await page.getByRole('button', { name: 'English' }).click();
    expect(await page.locator('.action').innerText()).toBe('Repaint');
    await page.getByRole('slider').focus();
    const before = await page.locator('output').innerText();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('output').innerText()).not.toBe(before);
    expect(complaints).toEqual([]);
  });
});
