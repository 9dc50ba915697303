import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { objections } from './kit/access.ts';
import { useStage } from './kit/stage.ts';
import { frames, hide, openStudio, photoSize, type Studio } from './kit/studio.ts';

const stage = useStage({ cameras: 2 });
let studio: Studio;
afterEach(() => studio.close());

const QUICK = '?backend=wasm&size=64&steps=2';
const button = (page: Page, name: string) => page.getByRole('button', { name });
const open = (page: Page) => page.locator('[data-verb=camera]').click();
const live = (page: Page) => page.locator('canvas.live');

/** Keeps every stream that the page was given, to see how it ends. */
const KEEP_STREAMS = `(() => {
  window.streams = [];
  const { mediaDevices } = navigator;
  const given = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (wish) => {
    const stream = await given(wish);
    streams.push(stream);
    return stream;
  };
})()`;

const tracks = (page: Page): Promise<string[]> =>
  page.evaluate(`streams.map((stream) => stream.getVideoTracks()[0].readyState)`);

const openWithCamera = async (permissions: string[] = ['camera']) => {
  studio = await openStudio(stage, QUICK, { permissions });
  await studio.page.evaluate(KEEP_STREAMS);
  return studio.page;
};

describe('the camera', () => {
  it('is painted as it comes, tells its rate, and takes a still as the photo', async () => {
    const page = await openWithCamera();
    await open(page);
    await live(page).waitFor();
    expect(await page.locator('.sketch-mark').innerText()).toBe('Live');
    // Two pictures at least, and the rate is theirs.
    const figures = page.locator('.figures');
    await expect
      .poll(() => figures.innerText())
      .toMatch(/^(a picture every [\d.]+ s|[\d.]+ pictures a second), 160 × \d+$/);
    expect(await objections(page)).toEqual([]);
    const [width, height] = await page.evaluate<number[]>(
      "(({ videoWidth, videoHeight }) => [videoWidth, videoHeight])(document.querySelector('video'))",
    );
    await button(page, 'Take the photo').click();
    await page.locator('video').waitFor({ state: 'detached' });
    await expect
      .poll(() => page.locator('fieldset[data-role=photo] .chosen').innerText())
      .toBe('Camera');
    expect(await photoSize(page)).toEqual({ width, height });
    expect(await tracks(page)).toEqual(['ended']);
    expect(studio.complaints).toEqual([]);
  });

  it('turns to another camera, and goes off when it is left', async () => {
    const page = await openWithCamera();
    await open(page);
    await button(page, 'Other camera').click();
    await expect.poll(() => tracks(page)).toEqual(['ended', 'live']);
    await button(page, 'Other camera').waitFor();
    await page.locator('fieldset[data-role=photo] label.tile').nth(1).click();
    await page.locator('video').waitFor({ state: 'detached' });
    expect(await tracks(page)).toEqual(['ended', 'ended']);
    await open(page);
    await page.locator('video').waitFor();
    await page.locator('.action').click();
    await expect.poll(() => tracks(page)).toEqual(['ended', 'ended', 'ended']);
    expect(studio.complaints).toEqual([]);
  });

  it('paints nothing while the tab is hidden', async () => {
    const page = await openWithCamera();
    await hide(page, true);
    await open(page);
    await page.locator('video').waitFor();
    await frames(page, 30);
    expect(studio.requests.filter((url) => url.includes('lite-sketch.onnx'))).toEqual([]);
    await hide(page, false);
    await live(page).waitFor();
  });

  it('says what to do where it is refused', async () => {
    const page = await openWithCamera([]);
    await open(page);
    const notice = page.locator('.notice.trouble');
    await notice.waitFor();
    expect(await notice.innerText()).toContain('The camera may not be used here.');
    expect(await page.locator('video').count()).toBe(0);
    expect(studio.complaints).toEqual([]);
  });

  it('says so where there is none', async () => {
    const page = await openWithCamera();
    await page.evaluate(`
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException('Requested device not found', 'NotFoundError'))`);
    await open(page);
    await page.getByText('No camera was found.').waitFor();
  });
});
