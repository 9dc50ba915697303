import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launch } from './kit/chromium.ts';
import { keptSteps } from './kit/checkpoints.ts';
import { Host } from './kit/host.ts';
import { buildPage } from './kit/site.ts';
import { chooseFile, finish, openStudio, reachStep, type Studio } from './kit/studio.ts';

let folder: string;
let host: Host;
let browser: Awaited<ReturnType<typeof launch>>;
let studio: Studio;

beforeAll(async () => {
  browser = await launch();
  folder = await buildPage({ minify: true });
  host = await new Host(folder).open();
});
afterEach(() => studio.close());
afterAll(async () => {
  await browser.close();
  await host.close();
});

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** A photo of the person's own: a bright ball over a dark floor. */
const photo = () =>
  sharp(
    Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="160" height="120"><rect width="160" height="120" fill="#88b0d8"/><rect y="80" width="160" height="40" fill="#4a4030"/><circle cx="70" cy="60" r="34" fill="#e8c060"/></svg>',
    ),
  )
    .png()
    .toBuffer();

describe('the whole way', () => {
  it('goes from a photo to the gallery, over a reload, and once more without a network', async () => {
    const stage = { browser, site: host };
    studio = await openStudio(stage, '?size=64&steps=40', { serviceWorker: true });
    const { page, complaints } = studio;
    await page.locator('[data-offline=ready]').waitFor({ state: 'attached' });

    // Pick and choose.
    await chooseFile(page, 'photo', 'ball.png', await photo());
    await page.locator('.notice', { hasText: 'A new photo is on the easel.' }).waitFor();
    await page.getByRole('radio', { name: 'Stained glass' }).check();
    await page.getByRole('radio', { name: 'ResNet', exact: true }).check();

    // Run, pause, reload, go on.
    await page.locator('.action').click();
    await reachStep(page, 10);
    await press(page, 'Pause');
    await expect.poll(() => keptSteps(page)).toBeGreaterThanOrEqual(10);
    await page.reload();
    await press(page, 'Go on with it');
    await finish(page);
    expect(await page.locator('.figures').innerText()).toContain('64 × 48, 40 steps');

    // Compare, upscale, save.
    const slider = page.getByRole('slider', { name: 'Compare' });
    await slider.focus();
    const before = await slider.inputValue();
    await page.keyboard.press('ArrowRight');
    expect(Number(await slider.inputValue())).toBeGreaterThan(Number(before));
    await page.locator('[data-verb=enlarge]').click();
    await finish(page);
    expect(await page.locator('.figures').innerText()).toContain('256 × 192');
    const downloading = page.waitForEvent('download');
    await page.locator('[data-verb=save]').click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('restyle_ball_Stained-glass.png');
    const saved = await readFile(await download.path());
    expect(await sharp(saved).metadata()).toMatchObject({ width: 256, height: 192 });

    // The gallery, and another run, with the network gone.
    await host.close();
    await page.reload();
    await press(page, 'Gallery');
    const card = page.locator('.gallery').getByText('Stained glass').first();
    await card.waitFor();
    await page.goBack();
    await page.getByRole('radio', { name: 'VGG', exact: true }).check();
    await page.locator('.action:enabled').click();
    await finish(page);
    expect(await page.locator('.finished').getAttribute('data-end')).toBe('whole');
    expect(complaints).toEqual([]);
  });
});
