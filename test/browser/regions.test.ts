import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { useStage } from './kit/stage.ts';
import { chooseFile, finish, openStudio, type Studio } from './kit/studio.ts';

const stage = useStage();
let studio: Studio;

afterEach(() => studio.close());

const [WIDTH, HEIGHT] = [64, 48];
const png = (svg: string): Promise<Buffer> =>
  sharp(Buffer.from(`<svg width="${WIDTH}" height="${HEIGHT}">${svg}</svg>`))
    .png()
    .toBuffer();

/** By column: whether any byte of the painting is another than the photo's. */
const changedColumns = (page: Page): Promise<boolean[]> =>
  page.evaluate(`(() => {
    const painting = document.querySelector('canvas.pastiche');
    const { width, height } = painting;
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext('2d').drawImage(document.querySelector('.photo, img.board'), 0, 0);
    const read = (one) => one.getContext('2d').getImageData(0, 0, width, height).data;
    const [a, b] = [read(painting), read(canvas)];
    const columns = Array(width).fill(false);
    a.forEach((value, i) => { if (value !== b[i]) columns[Math.floor(i / 4) % width] = true; });
    return columns;
  })()`);

describe('what goes where', () => {
  it('is painted by hand or loaded, and what is left alone stays as it is', async () => {
    studio = await openStudio(stage, `?size=${WIDTH}&steps=4`);
    const { page, complaints } = studio;
    const photo =
      '<rect width="64" height="48" fill="#487"/><circle cx="30" cy="20" r="15" fill="#e94"/>';
    await chooseFile(page, 'photo', 'photo.png', await png(photo));
    await page.locator('[data-verb=regions]').click();
    const board = page.locator('.board-frame');
    await board.focus();
    await page.keyboard.press('Shift+ArrowRight');
    await page.locator('canvas.tinted').waitFor();
    await page.locator('[data-verb=regions-back]').click();
    expect(await page.locator('canvas.tinted').count()).toBe(0);

    const half = '<rect width="32" height="48"/><rect x="32" width="32" height="48" fill="#fff"/>';
    const mask = page.locator('[data-file=mask]');
    const send = (buffer: Buffer) =>
      mask.setInputFiles({ name: 'mask.png', mimeType: 'image/png', buffer });
    await send(
      await sharp(await png(half))
        .resize(48, 48, { fit: 'fill' })
        .png()
        .toBuffer(),
    );
    await page.locator('.mask-tools [role=alert]', { hasText: 'another shape' }).waitFor();
    await send(await png(half));
    await page.locator('canvas.tinted').waitFor();
    await page.locator('[data-verb=regions-done]').click();

    await page.locator('.action').click();
    await finish(page);
    const columns = await changedColumns(page);
    expect(columns.slice(0, WIDTH / 2)).toEqual(Array(WIDTH / 2).fill(false));
    expect(columns.slice(WIDTH / 2).filter(Boolean).length).toBeGreaterThan(28);
    expect(complaints).toEqual([]);
  });
});
