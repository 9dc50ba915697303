import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { keptRuns, keptSteps } from './kit/checkpoints.ts';
import { useStage } from './kit/stage.ts';
import { chooseFile, finish, handOver, openStudio, reachStep, type Studio } from './kit/studio.ts';

const stage = useStage();
let studio: Studio;

afterEach(() => studio.close());

const [WIDTH, HEIGHT] = [64, 48];
const png = (svg: string): Promise<Buffer> =>
  sharp(Buffer.from(`<svg width="${WIDTH}" height="${HEIGHT}">${svg}</svg>`))
    .png()
    .toBuffer();

/** By column: whether any byte of what is painted is another than the photo's. */
const changedColumns = (page: Page, what = 'pastiche'): Promise<boolean[]> =>
  page.evaluate(`(() => {
    const painting = document.querySelector('canvas.${what}');
    const { width, height } = painting;
    const read = (one) => {
      const context = new OffscreenCanvas(width, height).getContext('2d');
      context.drawImage(one, 0, 0);
      return context.getImageData(0, 0, width, height).data;
    };
    const [a, b] = [read(painting), read(document.querySelector('.photo, img.board'))];
    const columns = Array(width).fill(false);
    a.forEach((value, i) => { if (value !== b[i]) columns[Math.floor(i / 4) % width] = true; });
    return columns;
  })()`);

/** The left half is left alone. */
const HALF = '<rect width="32" height="48"/><rect x="32" width="32" height="48" fill="#fff"/>';
const PHOTO =
  '<rect width="64" height="48" fill="#487"/><circle cx="30" cy="20" r="15" fill="#e94"/>';

async function choosePhoto(page: Page): Promise<void> {
  await chooseFile(page, 'photo', 'photo.png', await png(PHOTO));
  await page.getByText('A new photo is on the easel.').waitFor();
}

const sendMask = (page: Page, buffer: Buffer) =>
  page
    .locator('[data-file=mask]')
    .setInputFiles({ name: 'mask.png', mimeType: 'image/png', buffer });

/** Waits for a painting of which the right half alone is painted. */
async function expectHalf(page: Page): Promise<void> {
  await finish(page);
  const columns = await changedColumns(page);
  expect(columns.slice(0, WIDTH / 2)).toEqual(Array(WIDTH / 2).fill(false));
  expect(columns.slice(WIDTH / 2).filter(Boolean).length).toBeGreaterThan(28);
}

/** However fast the machine is: a run of so many steps is not over by itself. */
async function stopAtHalf(page: Page): Promise<void> {
  await reachStep(page, 3);
  await page.locator('[data-verb=stop]').click();
  await expectHalf(page);
  // Not forgotten before its picture is in the gallery.
  await expect.poll(() => keptRuns(page)).toBe(0);
}

describe('what goes where', () => {
  it('is painted by hand or loaded, and what is left alone stays as it is', async () => {
    studio = await openStudio(stage, `?size=${WIDTH}&steps=4`);
    const { page, complaints } = studio;
    await choosePhoto(page);
    await page.locator('[data-verb=regions]').click();
    const board = page.locator('.board-frame');
    await board.focus();
    await page.keyboard.press('Shift+ArrowRight');
    await page.locator('canvas.tinted').waitFor();
    await page.locator('[data-verb=regions-back]').click();
    expect(await page.locator('canvas.tinted').count()).toBe(0);

    const square = sharp(await png(HALF)).resize(48, 48, { fit: 'fill' });
    await sendMask(page, await square.png().toBuffer());
    await page.locator('.mask-tools [role=alert]', { hasText: 'another shape' }).waitFor();
    await sendMask(page, await png(HALF));
    await page.locator('canvas.tinted').waitFor();
    await page.locator('[data-verb=regions-done]').click();

    // The sketch on the easel comes anew, and keeps to the regions, too.
    const left = async () => (await changedColumns(page, 'sketch')).slice(0, WIDTH / 2);
    await page.locator('canvas.sketch').waitFor();
    await expect.poll(left).toEqual(Array(WIDTH / 2).fill(false));
    expect((await changedColumns(page, 'sketch')).slice(-28)).toEqual(Array(28).fill(true));

    await page.locator('.action').click();
    await expectHalf(page);
    expect(complaints).toEqual([]);
  });

  it('comes back with a run that was broken off, from the gallery, and by a saved picture', async () => {
    studio = await openStudio(stage, `?size=${WIDTH}&steps=4000`);
    const { page, complaints } = studio;
    const comeBack = async () => {
      await page.reload();
      await page.locator('.action:enabled').waitFor();
    };
    await choosePhoto(page);
    await page.locator('[data-verb=regions]').click();
    await sendMask(page, await png(HALF));
    await page.locator('canvas.tinted').waitFor();
    await page.locator('[data-verb=regions-done]').click();
    await page.locator('.action').click();
    await reachStep(page, 2);
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect.poll(() => keptSteps(page)).toBeGreaterThan(0);
    await comeBack();
    await page.getByRole('button', { name: 'Go on with it' }).click();
    await stopAtHalf(page);
    const downloading = page.waitForEvent('download');
    await page.locator('[data-verb=save]').click();
    const saved = await readFile(await (await downloading).path());

    await comeBack();
    await choosePhoto(page);
    await page.locator('[data-verb=gallery]').click();
    await page.locator('.card').first().getByRole('button').click();
    await page.getByRole('button', { name: 'Paint with these settings' }).click();
    await page.locator('.action').click();
    await stopAtHalf(page);

    await comeBack();
    await choosePhoto(page);
    await handOver(page, 'drop', '.stage', 'saved.png', saved);
    await page.getByRole('button', { name: 'Use its settings' }).click();
    await page.locator('.action').click();
    await stopAtHalf(page);
    expect(complaints).toEqual([]);
  });
});
