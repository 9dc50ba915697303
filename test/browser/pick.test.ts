import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { useStage } from './kit/stage.ts';
import { chooseFile, finish, handOver, openStudio, photoSize, type Studio } from './kit/studio.ts';

const stage = useStage();
let studio: Studio;

const flat = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#3a7bd5' } });

afterEach(() => studio.close());

describe('picking pictures', () => {
  it.each([
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
  ])('refuses %s and loses nothing', async (name, bytes, words) => {
    studio = await openStudio(stage, '');
    const { page, complaints } = studio;
    const before = await page.locator('.photo').getAttribute('src');
    await chooseFile(page, 'photo', name, bytes);
    const notice = page.getByRole('alert');
    await notice.waitFor();
    expect(await notice.innerText()).toContain(name);
    expect(await notice.innerText()).toContain(words);
    expect(await notice.innerText()).toContain('Nothing was changed.');
    expect(await page.locator('.photo').getAttribute('src')).toBe(before);
    expect(await page.locator('.action').isEnabled()).toBe(true);
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
    const chosen = (role: string) => page.locator(`fieldset[data-role=${role}] .chosen`);
    await handOver(page, 'drop', '.stage', 'dropped.png', await flat(60, 40).png().toBuffer());
    await expect.poll(() => chosen('photo').innerText()).toBe('dropped');
    await handOver(
      page,
      'drop',
      '[data-role=style]',
      'manner.png',
      await flat(50, 50).png().toBuffer(),
    );
    await expect.poll(() => chosen('style').innerText()).toBe('manner');
    await handOver(page, 'paste', 'body', 'pasted.png', await flat(30, 70).png().toBuffer());
    await expect.poll(() => chosen('photo').innerText()).toBe('pasted');
    await page.getByRole('button', { name: 'Use it as the style instead' }).click();
    expect(await chosen('photo').innerText()).toBe('dropped');
    expect(await chosen('style').innerText()).toBe('pasted');
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
});
