import { readFile } from 'node:fs/promises';
import { strFromU8, unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { objections } from './kit/access.ts';
import { useStage } from './kit/stage.ts';
import { finish, openStudio, photoSize, type Studio } from './kit/studio.ts';

const stage = useStage();
let studio: Studio;

afterEach(() => studio.close());

const SEARCH = '?size=64&steps=3';
const cards = (page: Page) => page.locator('.card');
const openGallery = (page: Page) => page.locator('[data-verb=gallery]').click();
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const chosenPhoto = (page: Page) => page.locator('fieldset[data-role=photo] .chosen').innerText();

async function paint(page: Page, style?: string): Promise<void> {
  if (style) await page.getByRole('radio', { name: style }).first().check();
  await page.locator('.action').click();
  await finish(page);
}

/** Opens the gallery once it has so many pictures. */
async function galleryOf(page: Page, count: number): Promise<void> {
  await openGallery(page);
  await expect.poll(() => cards(page).count()).toBe(count);
}

async function reload(page: Page): Promise<void> {
  await page.reload();
  await page.locator('[data-verb=gallery]').waitFor();
}

/** Pictures in the database, whatever the page shows. */
const stored = (page: Page) =>
  page.evaluate<number>(`new Promise((resolve, reject) => {
    const opening = indexedDB.open('restyle');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const counting = opening.result.transaction('pictures').objectStore('pictures').count();
      counting.onsuccess = () => {
        opening.result.close();
        resolve(counting.result);
      };
    };
  })`);

const faults = (page: Page) => objections(page, '.gallery');

describe('the gallery', () => {
  it('keeps what was painted over a reload, finds it, and gives back what was deleted', async () => {
    studio = await openStudio(stage, SEARCH);
    const { page, complaints } = studio;
    await openGallery(page);
    await page.getByText('Nothing hangs here yet.').waitFor();
    expect(await faults(page)).toEqual([]);
    await press(page, 'Paint the first one');
    await paint(page);
    await paint(page, 'Shards');
    await galleryOf(page, 2);
    await reload(page);
    // It was open, so it is open.
    await expect.poll(() => cards(page).count()).toBe(2);
    expect(await cards(page).first().innerText()).toMatch(/Shards[^]*64 × 48/);
    expect(await faults(page)).toEqual([]);

    const search = page.getByRole('searchbox');
    await search.fill('swirls vgg19 mountain');
    await expect.poll(() => cards(page).count()).toBe(1);
    await search.fill(new Date().toISOString().slice(0, 4));
    await expect.poll(() => cards(page).count()).toBe(2);
    await search.fill('no such thing');
    await press(page, 'Show all');
    await expect.poll(() => cards(page).count()).toBe(2);

    for (const left of [1, 0]) {
      await cards(page).first().getByRole('button').click();
      await press(page, 'Delete');
      await expect.poll(() => cards(page).count()).toBe(left);
    }
    await page.locator('.gallery').getByText('2 pictures are deleted.').waitFor();
    await press(page, 'Undo');
    await expect.poll(() => cards(page).count()).toBe(2);
    await reload(page);
    await expect.poll(() => cards(page).count()).toBe(2);

    await cards(page).first().getByRole('button').click();
    await press(page, 'Delete');
    expect(await stored(page)).toBe(2);
    await press(page, 'Dismiss');
    await expect.poll(() => stored(page)).toBe(1);
    await reload(page);
    await expect.poll(() => cards(page).count()).toBe(1);
    expect(await cards(page).first().innerText()).toContain('swirls');
    expect(complaints).toEqual([]);
  });

  it('gives its pictures away: as a ZIP, as a file, as a photo and as a style', async () => {
    studio = await openStudio(stage, SEARCH);
    const { page, complaints } = studio;
    await paint(page);
    await paint(page, 'Shards');
    await galleryOf(page, 2);

    const exporting = page.waitForEvent('download');
    await press(page, 'Export all as ZIP');
    const zip = await exporting;
    expect(zip.suggestedFilename()).toBe('restyle-gallery.zip');
    const files = unzipSync(await readFile(await zip.path()));
    const pngs = Object.keys(files).filter((name) => name.endsWith('.png'));
    expect(pngs).toHaveLength(2);
    for (const name of pngs) {
      expect(name).toMatch(/^\d{4}-\d\d-\d\d_Mountain-lake_/);
      const { data, info } = await sharp(files[name]).raw().toBuffer({ resolveWithObject: true });
      expect(info).toMatchObject({ width: 64, height: 48 });
      expect(new Set(data).size).toBeGreaterThan(20);
    }
    const list = JSON.parse(strFromU8(files['gallery.json']!)) as { file: string; steps: number }[];
    expect(list.map(({ file }) => file).sort()).toEqual(pngs.sort());
    expect(list.map(({ steps }) => steps)).toEqual([3, 3]);

    await cards(page).last().getByRole('button').click();
    await page.locator('.viewer img[data-full]').waitFor();
    expect(await faults(page)).toEqual([]);
    const slider = page.locator('.viewer .split');
    const { width, height } = (await slider.boundingBox())!;
    await slider.click({ position: { x: width * 0.75, y: height / 2 } });
    expect(Number(await slider.inputValue())).toBeCloseTo(75, 0);
    const saving = page.waitForEvent('download');
    await page.locator('.viewer [data-verb=save]').click();
    const saved = await readFile(await (await saving).path());
    expect(await sharp(saved).metadata()).toMatchObject({ format: 'png', width: 64 });
    expect(saved.equals(Buffer.from(files[pngs.find((name) => name.includes('swirls'))!]!))).toBe(
      true,
    );

    await press(page, 'Use as photo');
    await expect.poll(() => chosenPhoto(page)).toContain('Mountain-lake_Night-swirls');
    expect(await photoSize(page)).toEqual({ width: 64, height: 48 });

    await page.getByRole('radio', { name: 'Harbour town' }).check();
    await openGallery(page);
    await cards(page).last().getByRole('button').click();
    await press(page, 'Paint with these settings');
    await expect
      .poll(() => page.getByRole('radio', { name: 'Night swirls' }).isChecked())
      .toBe(true);
    expect(await chosenPhoto(page)).toBe('Harbour town');
    await paint(page);
    await galleryOf(page, 3);
    expect(await cards(page).first().innerText()).toMatch(/Night swirls[^]*48 × 64/);

    await cards(page).nth(1).getByRole('button').click();
    await press(page, 'Use as style');
    await expect
      .poll(() => page.locator('fieldset[data-role=style] .chosen').innerText())
      .toContain('Mountain-lake_Shards');
    expect(complaints).toEqual([]);
  });

  it('goes by keyboard, and back by the browser’s own button', async () => {
    studio = await openStudio(stage, SEARCH);
    const { page } = studio;
    await paint(page);
    await paint(page, 'Shards');
    await galleryOf(page, 2);
    const focused = () => page.evaluate<string>('document.activeElement.textContent');
    await expect.poll(focused).toContain('Gallery');
    await cards(page).first().getByRole('button').focus();
    await page.keyboard.press('Enter');
    const title = page.locator('.viewer h2');
    await expect.poll(() => title.innerText()).toBe('Shards');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => title.innerText()).toBe('Night swirls');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.viewer').count()).toBe(0);
    await expect.poll(focused).toContain('Shards');
    await page.goBack();
    await page.locator('.studio .finished').waitFor();
    await expect.poll(focused).toBe('Gallery');
  });

  it('loses nothing when the disk is full, and keeps it once there is room', async () => {
    studio = await openStudio(stage, SEARCH);
    const { page } = studio;
    const cdp = await page.context().newCDPSession(page);
    const { origin } = stage.site;
    await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 10 });
    await paint(page);
    await page.getByText('There is no room left for this picture in the gallery.').waitFor();
    expect(await page.locator('.finished').count()).toBe(1);
    expect(await page.locator('canvas.pastiche').first().isVisible()).toBe(true);
    await press(page, 'Make room');
    await page.getByText('Nothing hangs here yet.').waitFor();
    await page.goBack();
    await cdp.send('Storage.overrideQuotaForOrigin', { origin });
    await paint(page, 'Shards');
    await galleryOf(page, 2);
  });

  it('lists the networks on this device, removes and fetches them', async () => {
    studio = await openStudio(stage, SEARCH);
    const { page, requests } = studio;
    const vgg = page.locator('[data-model=lite-vgg]');
    const fetched = () => requests.filter((url) => url.endsWith('lite-vgg.onnx')).length;
    await openGallery(page);
    expect(await vgg.getAttribute('data-state')).toBe('missing');
    await press(page, 'Back to the easel');
    await paint(page);
    await galleryOf(page, 1);
    await expect.poll(() => vgg.getAttribute('data-state')).toBe('here');
    expect(fetched()).toBe(1);
    await press(page, 'Remove: VGG19 lite');
    await expect.poll(() => vgg.innerText()).toMatch(/1\.0\sMB, not downloaded/);
    await press(page, 'Download: VGG19 lite');
    await expect.poll(() => vgg.innerText()).toMatch(/1\.0\sMB, on this device/);
    expect(fetched()).toBe(2);
    expect(await page.locator('.space').innerText()).toMatch(/The pictures take \d/);
  });
});
