import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { useStage } from './kit/stage.ts';
import { chooseFile, finish, handOver, openStudio, photoSize, type Studio } from './kit/studio.ts';

const stage = useStage();
let studio: Studio;

const flat = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#3a7bd5' } });

const png = async (name: string, width: number, height: number) => ({
  name,
  mimeType: 'image/png',
  buffer: await flat(width, height).png().toBuffer(),
});

const chosen = (page: Page, role: string) => page.locator(`fieldset[data-role=${role}] .chosen`);
const mix = (page: Page) => page.getByRole('button', { name: 'Mix several' });
/** Style tiles by their names, for choosing one or several. */
const tile = (page: Page, name: string) =>
  page.locator('fieldset[data-role=style] .shelf').getByLabel(name, { exact: true });
const weights = (page: Page) => page.locator('.part input');

/** Mean difference of two paintings in 0..255. */
const apart = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;

async function paint(page: Page): Promise<number[]> {
  await page.locator('.action').click();
  await finish(page);
  return page.evaluate(`(() => {
    const { width, height } = document.querySelector('canvas.pastiche');
    const context = document.querySelector('canvas.pastiche').getContext('2d');
    return [...context.getImageData(0, 0, width, height).data];
  })()`);
}

/** What is no picture, with words of the refusal. */
const REFUSED: readonly (readonly [name: string, bytes: Buffer, words: string])[] = [
  ['notes.png', Buffer.from('Dear diary,\ntoday'), 'is text'],
  [
    'plan.svg',
    Buffer.from('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'),
    'SVG',
  ],
  ['photo.heic', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), 'HEIC'],
  ['clip.mp4', Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isom'), 'video'],
  ['nothing.jpg', Buffer.alloc(0), 'is empty'],
  ['torn.png', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR', 'latin1'), 'damaged'],
  ['what.bin', Buffer.from([1, 2, 3, 0, 255]), 'not a picture'],
];

afterEach(() => studio.close());

describe('picking pictures', () => {
  it('refuses what is no picture, loses nothing, and holds nothing of it, or of what is taken back, in memory', async () => {
    studio = await openStudio(stage, '');
    const { page, complaints } = studio;
    await page.evaluate(`{
      const { createObjectURL, revokeObjectURL } = URL;
      const live = (window.live = new Set());
      URL.createObjectURL = (blob) => {
        const url = createObjectURL(blob);
        live.add(url);
        return url;
      };
      URL.revokeObjectURL = (url) => {
        live.delete(url);
        revokeObjectURL(url);
      };
    }`);
    const live = () => page.evaluate<string[]>('[...live]');
    const before = await page.locator('.photo').getAttribute('src');
    for (const [name, bytes, words] of REFUSED) {
      await chooseFile(page, 'photo', name, bytes);
      const notice = page.getByRole('alert').filter({ hasText: name });
      await notice.waitFor();
      expect(await notice.innerText()).toContain(words);
      expect(await notice.innerText()).toContain('Nothing was changed.');
      expect(await page.locator('.photo').getAttribute('src')).toBe(before);
      expect(await page.locator('.action').isEnabled()).toBe(true);
    }
    expect(await live()).toEqual([]);
    // Of what it takes it holds the picture that it shows, and not the file that this was made of.
    await chooseFile(page, 'photo', 'huge.png', await flat(5000, 250).png().toBuffer());
    await page.getByText('5000 × 250').waitFor();
    expect(await live()).toEqual([await page.locator('.photo').getAttribute('src')]);
    // Taken back, it is gone.
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await page.locator('.photo').getAttribute('src')).toBe(before);
    expect(await live()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('turns a photo as its camera was held', async () => {
    studio = await openStudio(stage, '');
    const jpeg = await flat(80, 40).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    await chooseFile(studio.page, 'photo', 'upright.jpg', jpeg);
    await studio.page.getByText('A new photo is on the easel.').waitFor();
    expect(await photoSize(studio.page)).toEqual({ width: 40, height: 80 });
  });

  it('scales a very large picture, says so, and undoes it', async () => {
    studio = await openStudio(stage, '');
    const { page } = studio;
    const before = await page.locator('.photo').getAttribute('src');
    await chooseFile(page, 'photo', 'huge.png', await flat(5000, 2500).png().toBuffer());
    await page.getByText('5000 × 2500').waitFor();
    expect(await photoSize(page)).toEqual({ width: 4096, height: 2048 });
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await page.locator('.photo').getAttribute('src')).toBe(before);
  });

  it('takes pictures by drop and paste, and a photo as the style instead', async () => {
    studio = await openStudio(stage, '');
    const { page, complaints } = studio;
    await handOver(page, 'drop', '.stage', 'dropped.png', await flat(60, 40).png().toBuffer());
    await expect.poll(() => chosen(page, 'photo').innerText()).toBe('dropped');
    await handOver(
      page,
      'drop',
      '[data-role=style]',
      'manner.png',
      await flat(50, 50).png().toBuffer(),
    );
    await expect.poll(() => chosen(page, 'style').innerText()).toBe('manner');
    await handOver(page, 'paste', 'body', 'pasted.png', await flat(30, 70).png().toBuffer());
    await expect.poll(() => chosen(page, 'photo').innerText()).toBe('pasted');
    await page.getByRole('button', { name: 'Use it as the style instead' }).click();
    expect(await chosen(page, 'photo').innerText()).toBe('dropped');
    expect(await chosen(page, 'style').innerText()).toBe('pasted');
    expect(complaints).toEqual([]);
  });

  it('keeps what is transparent, and a finished picture while another photo is looked at', async () => {
    studio = await openStudio(stage, '?size=64&steps=4');
    const { page } = studio;
    const half = await sharp({
      create: { width: 64, height: 64, channels: 4, background: '#0000' },
    })
      .composite([{ input: await flat(32, 64).png().toBuffer(), left: 0, top: 0 }])
      .png()
      .toBuffer();
    await chooseFile(page, 'photo', 'half.png', half);
    await page.getByText('A new photo is on the easel.').waitFor();
    await page.locator('.action').click();
    await finish(page);
    await page.getByRole('radio', { name: 'Mountain lake' }).check();
    expect(await page.locator('.finished').count()).toBe(0);
    await page.getByRole('radio', { name: 'half' }).check();
    const downloading = page.waitForEvent('download');
    await page.locator('[data-verb=save]').click();
    const png = await readFile(await (await downloading).path());
    const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    expect(info.channels).toBe(4);
    const alphaAt = (x: number) => data[4 * (32 * info.width + x) + 3];
    expect([alphaAt(4), alphaAt(60)]).toEqual([255, 0]);
  });

  it('takes several files at once: a photo and its styles, or styles alone', async () => {
    studio = await openStudio(stage, '');
    const { page, complaints } = studio;
    const album = await Promise.all([
      png('view.png', 60, 40),
      png('one.png', 40, 40),
      png('two.png', 30, 50),
    ]);
    await page.locator('[data-file=photo]').first().setInputFiles(album);
    await page.getByText('A new photo is on the easel. 2 styles are in the strip.').waitFor();
    expect(await chosen(page, 'photo').innerText()).toBe('view');
    expect(await chosen(page, 'style').innerText()).toBe('a mix of 2 styles');
    expect(await weights(page).count()).toBe(2);
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await chosen(page, 'photo').innerText()).toBe('Mountain lake');
    expect(await chosen(page, 'style').innerText()).toBe('Night swirls');
    expect(await weights(page).count()).toBe(0);

    const six = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((n) => png(`${n}.png`, 9, 9)));
    const bad = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('Dear diary') };
    await page.locator('[data-file=style]').setInputFiles([bad, ...six]);
    await page.getByText('6 styles are in the strip.').waitFor();
    const notice = await page.locator('.notice').innerText();
    expect(notice).toContain('A mix has room for 5 styles.');
    expect(notice).toContain('“notes.txt” is text');
    expect(await chosen(page, 'style').innerText()).toBe('a mix of 5 styles');
    expect(complaints).toEqual([]);
  });

  it('takes the first frame of what moves, and pictures of the printing trade', async () => {
    studio = await openStudio(stage, '');
    const { page } = studio;
    const frames = sharp({
      create: { width: 24, height: 48, channels: 3, background: '#c33', pageHeight: 24 },
    }).composite([{ input: await flat(24, 24).png().toBuffer(), top: 24, left: 0 }]);
    const gif = await frames.gif({ loop: 0, delay: [100, 100] }).toBuffer();
    expect((await sharp(gif).metadata()).pages).toBe(2);
    await chooseFile(page, 'photo', 'dance.gif', gif);
    await page.getByText('its first frame was taken').waitFor();
    expect(await photoSize(page)).toEqual({ width: 24, height: 24 });

    const cmyk = await flat(40, 20).toColourspace('cmyk').jpeg().toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
    await chooseFile(page, 'photo', 'print.jpg', cmyk);
    await expect.poll(() => chosen(page, 'photo').innerText()).toBe('print');
    const deep = await flat(20, 30).toColourspace('rgb16').png().toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe('ushort');
    await chooseFile(page, 'photo', 'deep.png', deep);
    await expect.poll(() => chosen(page, 'photo').innerText()).toBe('deep');
    expect(await photoSize(page)).toEqual({ width: 20, height: 30 });
  });

  it('offers the camera where there is a touch screen', async () => {
    studio = await openStudio(stage, '');
    expect(await studio.page.locator('[data-file=camera]').count()).toBe(0);
    await studio.close();
    studio = await openStudio(stage, '', { hasTouch: true });
    const camera = studio.page.locator('[data-file=camera]');
    expect(await camera.getAttribute('capture')).toBe('environment');
    await camera.setInputFiles(await png('shot.png', 20, 20));
    await expect.poll(() => chosen(studio.page, 'photo').innerText()).toBe('shot');
  });
});

describe('mixing styles', () => {
  it('paints by the weights: nearly one style, then half and half', async () => {
    studio = await openStudio(stage, '?size=48&steps=8');
    const { page, complaints } = studio;
    const swirls = await paint(page);
    await tile(page, 'Ink wash').check();
    const ink = await paint(page);
    await mix(page).click();
    await tile(page, 'Night swirls').check();
    const half = await paint(page);
    expect(await page.locator('.part output').allInnerTexts()).toEqual(['50\u00a0%', '50\u00a0%']);
    await weights(page).nth(1).fill('100');
    await weights(page).nth(0).fill('1');
    expect(await page.locator('.part output').allInnerTexts()).toEqual(['1\u00a0%', '99\u00a0%']);
    const nearly = await paint(page);
    expect(apart(nearly, swirls)).toBeLessThan(0.25 * apart(half, swirls));
    for (const alone of [swirls, ink]) {
      expect(apart(half, alone)).toBeGreaterThan(0.1 * apart(swirls, ink));
    }
    await mix(page).click();
    expect(await chosen(page, 'style').innerText()).toBe('Night swirls');
    expect(complaints).toEqual([]);
  });

  it('has room for five, says so kindly, and works by keyboard', async () => {
    studio = await openStudio(stage, '');
    const { page, complaints } = studio;
    await mix(page).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Tap the styles to mix, up to 5.').waitFor();
    for (const name of ['Stained glass', 'Woodblock waves', 'Points of light', 'Ink wash']) {
      await tile(page, name).focus();
      await page.keyboard.press('Space');
    }
    expect(await weights(page).count()).toBe(5);
    await tile(page, 'Shards').focus();
    await page.keyboard.press('Space');
    await page.getByText('A mix has room for 5 styles. Take one out to add another.').waitFor();
    expect(await tile(page, 'Shards').isChecked()).toBe(false);
    await tile(page, 'Stained glass').uncheck();
    await tile(page, 'Shards').check();
    expect(await page.getByText('A mix has room').count()).toBe(0);
    await weights(page).last().focus();
    await page.keyboard.press('Home');
    const share = page.locator('.part output').last();
    expect(await share.innerText()).toBe('0\u00a0%');
    expect(await weights(page).last().getAttribute('aria-label')).toBe('Weight of Shards');
    expect(complaints).toEqual([]);
  });
});
