import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { useStage } from './kit/stage.ts';
import { finish, frames, hide, openStudio, type Studio } from './kit/studio.ts';

const stage = useStage();
let studio: Studio;
afterEach(() => studio.close());

const QUICK = '?backend=wasm&size=64&steps=2';
const tile = (page: Page, index: number) =>
  page.locator('fieldset[data-role=style] .shelf label.tile').nth(index);
const sketch = (page: Page) => page.locator('canvas.sketch');

const pixelsOf = (page: Page, canvas = 'canvas.sketch'): Promise<number[]> =>
  page.evaluate(`(() => {
    const { width, height } = document.querySelector('${canvas}');
    const copy = Object.assign(document.createElement('canvas'), { width, height });
    // Read from a copy: reading the page's own again and again makes Chromium warn.
    const context = copy.getContext('2d', { willReadFrequently: true });
    context.drawImage(document.querySelector('${canvas}'), 0, 0);
    return [...context.getImageData(0, 0, width, height).data];
  })()`);

/** Mean difference in 0..255. */
const apart = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;

describe('the sketch', () => {
  it('comes with a touch, is marked as one, follows its slider, and makes way for the run', async () => {
    studio = await openStudio(stage, QUICK);
    const { page, complaints, requests } = studio;
    // Nobody has touched anything: nothing is computed.
    expect(requests.filter((url) => url.includes('lite-sketch.onnx'))).toEqual([]);
    await tile(page, 1).click();
    await sketch(page).waitFor();
    expect(await page.locator('.sketch-mark').innerText()).toBe('Sketch');
    const [whole, photo] = [await pixelsOf(page), await page.locator('.photo').getAttribute('src')];
    const slider = page.getByRole('slider', { name: 'Strength of the sketch' });
    await slider.fill('0');
    await expect.poll(async () => apart(await pixelsOf(page), whole)).toBeGreaterThan(5);
    await slider.fill('100');
    await expect.poll(async () => apart(await pixelsOf(page), whole)).toBe(0);
    await tile(page, 2).click();
    await expect.poll(async () => apart(await pixelsOf(page), whole)).toBeGreaterThan(5);
    // Of two, each counts by its weight.
    await page.getByRole('button', { name: 'Mix several' }).click();
    await tile(page, 1).click();
    await expect.poll(async () => apart(await pixelsOf(page), whole)).toBeGreaterThan(2);
    const half = apart(await pixelsOf(page), whole);
    await page.locator('.part .slider').last().fill('1');
    await page.locator('.part .slider').first().fill('100');
    await expect.poll(async () => apart(await pixelsOf(page), whole)).not.toBe(half);
    await page.getByRole('button', { name: 'Mix several' }).click();
    // And the colours are those that were chosen.
    const before = await pixelsOf(page);
    await page.locator('input[value=luminance]').check();
    await expect.poll(async () => apart(await pixelsOf(page), before)).toBeGreaterThan(2);
    await page.locator('.action').click();
    await finish(page);
    expect(await sketch(page).count()).toBe(0);
    expect(await page.locator('canvas.pastiche').count()).toBe(1);
    // Another style over the finished painting, and back.
    await tile(page, 1).click();
    await sketch(page).waitFor();
    await page.getByRole('button', { name: 'Put the sketch away' }).click();
    expect(await sketch(page).count()).toBe(0);
    expect(await page.locator('canvas.pastiche').count()).toBe(1);
    expect(await page.locator('.photo').getAttribute('src')).toBe(photo);
    expect(complaints).toEqual([]);
  });

  it('is not computed in a hidden tab, and comes when that is shown', async () => {
    studio = await openStudio(stage, QUICK);
    const { page, requests } = studio;
    await hide(page, true);
    await tile(page, 1).click();
    await frames(page, 30);
    expect(requests.filter((url) => url.includes('lite-sketch.onnx'))).toEqual([]);
    await hide(page, false);
    await sketch(page).waitFor();
  });

  it('reads the photo while the page is idle, in the worker that sketches after a touch, and shows nothing yet', async () => {
    studio = await openStudio(stage, `${QUICK}&ahead=1`);
    const { page, requests } = studio;
    const read = () => requests.filter((url) => url.includes('lite-sketch.onnx')).length;
    await expect.poll(read).toBe(1);
    expect(await sketch(page).count()).toBe(0);
    await tile(page, 1).click();
    await sketch(page).waitFor();
    expect(read()).toBe(1);
  });

  it('shows on the chip that a finger presses long', async () => {
    studio = await openStudio(stage, QUICK, { hasTouch: true });
    const { page } = studio;
    const touch = { pointerType: 'touch', pointerId: 1, isPrimary: true };
    await tile(page, 3).dispatchEvent('pointerdown', touch);
    await page.locator('label.tile canvas.on-chip').waitFor();
    await tile(page, 3).dispatchEvent('pointerup', touch);
    await page.locator('label.tile canvas.on-chip').waitFor({ state: 'detached' });
  });

  it('shows on the chip that the mouse rests on, and is gone with it', async () => {
    studio = await openStudio(stage, QUICK);
    const { page } = studio;
    await tile(page, 3).hover();
    await page.locator('label.tile canvas.on-chip').waitFor();
    await page.locator('.action').hover();
    await page.locator('label.tile canvas.on-chip').waitFor({ state: 'detached' });
    expect(await sketch(page).count()).toBe(0);
  });
});
