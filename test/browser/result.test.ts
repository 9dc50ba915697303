import { readFile } from 'node:fs/promises';
import { ALL_FORMATS, BufferSource, Input } from 'mediabunny';
import type { Download, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { parseRecipe } from '../../shared/recipe.ts';
import { useStage } from './kit/stage.ts';
import { finish, handOver, openStudio, type Studio } from './kit/studio.ts';

const stage = useStage();
let studio: Studio;

afterEach(() => studio.close());

const SMALL = '?size=64&steps=4';

async function paint(page: Page): Promise<void> {
  await page.locator('.action').click();
  await finish(page);
}

async function fetchFile(page: Page, act: () => Promise<void>): Promise<[Buffer, Download]> {
  const downloading = page.waitForEvent('download');
  await act();
  const download = await downloading;
  return [await readFile(await download.path()), download];
}

const savePng = async (page: Page): Promise<Buffer> =>
  (await fetchFile(page, () => page.locator('[data-verb=save]').click()))[0];

async function saveAs(page: Page, format: 'jpeg' | 'webp'): Promise<[Buffer, Download]> {
  await page.locator('.save summary').click();
  return fetchFile(page, () => page.locator(`[data-verb=save-${format}]`).click());
}

/** RGBA, whatever the file has. */
const pixelsOf = (file: Buffer) => sharp(file).ensureAlpha().raw().toBuffer();

/** Mean of the absolute differences, in 0..255. */
const difference = (a: Buffer, b: Buffer): number =>
  a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;

/** The photo as a canvas scales it to the painting's size. */
async function photoPixels(page: Page, width: number, height: number): Promise<Buffer> {
  const pixels = await page.evaluate<number[]>(`(() => {
    const canvas = new OffscreenCanvas(${width}, ${height});
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.imageSmoothingQuality = 'high';
    context.drawImage(document.querySelector('.photo'), 0, 0, ${width}, ${height});
    return [...context.getImageData(0, 0, ${width}, ${height}).data];
  })()`);
  return Buffer.from(pixels);
}

const shownPixels = async (page: Page): Promise<Buffer> =>
  Buffer.from(
    await page.evaluate<number[]>(`(() => {
      const { width, height } = document.querySelector('canvas.pastiche');
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d', { willReadFrequently: true });
      context.drawImage(document.querySelector('canvas.pastiche'), 0, 0);
      return [...context.getImageData(0, 0, width, height).data];
    })()`),
  );

const setStrength = (page: Page, percent: number) =>
  page.getByRole('slider', { name: 'Strength' }).fill(String(percent));

const zoomOf = async (page: Page) =>
  Number(await page.locator('.compare').getAttribute('data-zoom'));

describe('a finished picture', () => {
  it('is saved in each format, blended with the photo, and copied', async () => {
    const permissions = ['clipboard-read', 'clipboard-write'];
    studio = await openStudio(stage, SMALL, { permissions });
    const { page, complaints } = studio;
    await paint(page);
    const png = await savePng(page);
    const painting = await pixelsOf(png);
    expect(difference(painting, await shownPixels(page))).toBe(0);
    for (const format of ['jpeg', 'webp'] as const) {
      const [file, download] = await saveAs(page, format);
      expect(download.suggestedFilename()).toMatch(format === 'jpeg' ? /\.jpg$/ : /\.webp$/);
      expect(await sharp(file).metadata()).toMatchObject({ format, width: 64, height: 48 });
      expect(difference(await pixelsOf(file), painting)).toBeLessThan(6);
    }

    await setStrength(page, 0);
    const reference = await photoPixels(page, 64, 48);
    // Browsers scale an image in the page a little differently from one of its own.
    const distance = async () => difference(await shownPixels(page), reference);
    await expect.poll(distance).toBeLessThan(1.5);
    const photo = await pixelsOf(await savePng(page));
    expect(difference(photo, await shownPixels(page))).toBe(0);
    expect(difference(photo, painting)).toBeGreaterThan(4);
    await setStrength(page, 50);
    const half = await savePng(page);
    const middle = photo.map((value, i) => (value + painting[i]!) / 2);
    expect(difference(await pixelsOf(half), Buffer.from(middle))).toBeLessThan(0.6);
    expect(parseRecipe(half)).toMatchObject({ strength: 0.5, networks: ['lite-vgg'], steps: 4 });
    await setStrength(page, 100);
    expect(difference(await pixelsOf(await savePng(page)), painting)).toBe(0);

    await page.locator('[data-verb=copy]').click();
    await page.getByText('Copied').waitFor();
    const copied = await page.evaluate<number[]>(`(async () => {
      const [item] = await navigator.clipboard.read();
      return [...new Uint8Array(await (await item.getType('image/png')).arrayBuffer())];
    })()`);
    expect(difference(await pixelsOf(Buffer.from(copied)), painting)).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('gives its settings back when it is dropped on the page', async () => {
    studio = await openStudio(stage, SMALL);
    const { page, complaints } = studio;
    await page.getByRole('radio', { name: 'Stained glass' }).check();
    await paint(page);
    const png = await savePng(page);
    const recipe = parseRecipe(png)!;
    expect(recipe).toMatchObject({
      photo: { title: 'Mountain lake' },
      styles: [{ title: 'Stained glass', weight: 1 }],
      settings: { size: 64, steps: 4 },
      strength: 1,
    });
    expect((await sharp(png).metadata()).comments).toContainEqual({
      keyword: 'Software',
      text: `Restyle ${recipe.version}`,
    });
    await studio.close();

    studio = await openStudio(stage, '');
    const { page: other } = studio;
    const style = other.locator('[data-role=style] :checked');
    const before = await other.locator('.photo').getAttribute('src');
    expect(await style.getAttribute('aria-label')).not.toBe('Stained glass');
    await handOver(other, 'drop', '.stage', 'mine.png', png);
    await other.getByText('made by Restyle').waitFor();
    await other.getByRole('button', { name: 'Use its settings' }).click();
    expect(await style.getAttribute('aria-label')).toBe('Stained glass');
    expect(await other.locator('.photo').getAttribute('src')).toBe(before);
    await paint(other);
    expect(parseRecipe(await savePng(other))).toMatchObject({
      settings: recipe.settings,
      styles: recipe.styles,
    });

    await handOver(other, 'drop', '.stage', 'mine.png', png);
    await other.getByRole('button', { name: 'Use as photo' }).click();
    await other.getByText('A new photo is on the easel.').waitFor();
    expect(await other.locator('.photo').getAttribute('src')).not.toBe(before);
    expect([...complaints, ...studio.complaints]).toEqual([]);
  });

  it('is compared and looked at closely by keyboard, wheel, buttons and hand', async () => {
    studio = await openStudio(stage, SMALL);
    const { page, complaints } = studio;
    await paint(page);
    const split = page.locator('.split');
    await split.focus();
    const before = Number(await split.inputValue());
    await page.keyboard.press('ArrowRight');
    expect(Number(await split.inputValue())).toBeGreaterThan(before);

    const compare = page.locator('.compare');
    const place = () =>
      page.evaluate<number[]>(`(({ left, top }) => [left, top])(
        document.querySelector('.board').getBoundingClientRect())`);
    await compare.focus();
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    expect(await zoomOf(page)).toBeCloseTo(2.25, 1);
    const [left, top] = await place();
    await page.keyboard.press('ArrowRight');
    expect((await place())[0]).toBeLessThan(left!);
    await page.keyboard.press('ArrowUp');
    expect((await place())[1]).toBeGreaterThan(top!);
    await page.keyboard.press('-');
    expect(await zoomOf(page)).toBeCloseTo(1.5, 1);
    await page.keyboard.press('0');
    expect(await zoomOf(page)).toBe(1);

    const box = (await compare.boundingBox())!;
    const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
    await page.mouse.move(...at(0.25, 0.25));
    for (let i = 0; i < 30; i++) await page.mouse.wheel(0, -400);
    const largest = await zoomOf(page);
    expect(largest).toBeGreaterThanOrEqual(4);
    expect(largest).toBeLessThan(33);
    await page.keyboard.press('0');
    await page.mouse.dblclick(...at(0.7, 0.5));
    expect(await zoomOf(page)).toBeCloseTo(2.5, 1);
    // Away from the handle a drag moves the picture; on it, the handle.
    const was = await split.inputValue();
    const [x] = await place();
    await page.mouse.move(...at(0.8, 0.8));
    await page.mouse.down();
    await page.mouse.move(...at(0.7, 0.8), { steps: 3 });
    await page.mouse.up();
    expect((await place())[0]).toBeCloseTo(x! - box.width * 0.1, 0);
    expect(await split.inputValue()).toBe(was);
    await page.mouse.move(...at(Number(was) / 100, 0.5));
    await page.mouse.down();
    await page.mouse.move(...at(0.5, 0.5), { steps: 3 });
    await page.mouse.up();
    expect(Number(await split.inputValue())).toBeCloseTo(50, 0);

    await page.getByRole('button', { name: 'Zoom out' }).click();
    expect(await zoomOf(page)).toBeCloseTo(2.5 / 1.5, 1);
    await page.getByRole('button', { name: 'Show all' }).click();
    expect(await zoomOf(page)).toBe(1);
    await page.getByRole('button', { name: 'Zoom in' }).click();
    expect(await zoomOf(page)).toBe(1.5);
    expect(complaints).toEqual([]);
  });

  it('is pinched with two fingers on a phone', async () => {
    const viewport = { width: 360, height: 740 };
    studio = await openStudio(stage, SMALL, { viewport, hasTouch: true, isMobile: true });
    const { page } = studio;
    await paint(page);
    const box = (await page.locator('.compare').boundingBox())!;
    const devtools = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', apart: number) =>
      devtools.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: (type === 'touchEnd' ? [] : [-1, 1]).map((side, id) => ({
          id,
          x: box.x + box.width / 2 + side * apart,
          y: box.y + box.height / 2,
        })),
      });
    await touch('touchStart', 30);
    for (const apart of [40, 50, 60]) await touch('touchMove', apart);
    await touch('touchEnd', 0);
    expect(await zoomOf(page)).toBeCloseTo(2, 1);
    expect(await page.evaluate('visualViewport.scale')).toBe(1);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });
});

describe('two networks', () => {
  it('are compared with the photo and with each other, and saved side by side', async () => {
    studio = await openStudio(stage, SMALL);
    const { page, complaints } = studio;
    await page.getByRole('radio', { name: 'Both' }).check();
    await paint(page);
    const tags = () => page.locator('.compare .tag').allInnerTexts();
    expect(await tags()).toEqual(['VGG', 'ResNet']);
    expect(await page.locator('.made').allInnerTexts()).toEqual([
      expect.stringMatching(/^VGG19 lite: 64 × 48, 4 steps in /),
      expect.stringMatching(/^ResNet50 lite: 64 × 48, 4 steps in /),
    ]);
    const both = await savePng(page);
    expect(await sharp(both).metadata()).toMatchObject({ width: 128, height: 48 });
    expect(parseRecipe(both)?.networks).toEqual(['lite-vgg', 'lite-resnet']);

    await page.getByRole('radio', { name: 'Photo | ResNet' }).check();
    expect(await tags()).toEqual(['Photo', 'ResNet']);
    const one = await savePng(page);
    expect(parseRecipe(one)?.networks).toEqual(['lite-resnet']);
    const right = sharp(both).extract({ left: 64, top: 0, width: 64, height: 48 });
    expect(difference(await pixelsOf(one), await right.ensureAlpha().raw().toBuffer())).toBe(0);
    await page.getByText('Loss curve').click();
    await page.locator('.plot canvas').waitFor();
    await page.getByRole('radio', { name: 'VGG | ResNet' }).check();
    await expect.poll(() => page.locator('.plot canvas').count()).toBe(2);
    expect(complaints).toEqual([]);
  });
});

describe('working on', () => {
  it('takes more steps, enlarges, and shows and saves the large picture', async () => {
    studio = await openStudio(stage, SMALL);
    const { page, complaints } = studio;
    await paint(page);
    const first = await savePng(page);
    await page.getByText('Continue').click();
    await page.getByRole('button', { name: '50 more steps' }).click();
    await page.getByText('54 steps').waitFor();
    const further = await savePng(page);
    expect(parseRecipe(further)).toMatchObject({ steps: 54, settings: { steps: 54 } });
    expect(difference(await pixelsOf(further), await pixelsOf(first))).toBeGreaterThan(1);

    await page.locator('[data-verb=enlarge]').click();
    await page.getByText('256 × 192').waitFor();
    const large = await savePng(page);
    expect(await sharp(large).metadata()).toMatchObject({ width: 256, height: 192 });
    expect(parseRecipe(large)?.upscaler).toBe('lite-sr');
    expect(await page.evaluate(`document.querySelector('canvas.pastiche').width`)).toBe(256);
    expect(await page.locator('[data-verb=enlarge]').count()).toBe(0);
    const small = await sharp(large).resize(64, 48).ensureAlpha().raw().toBuffer();
    expect(difference(small, await pixelsOf(further))).toBeLessThan(12);
    expect(complaints).toEqual([]);
  });
});

describe('the time-lapse', () => {
  it('goes from the photo to the picture, in a file that plays', async () => {
    studio = await openStudio(stage, '?size=64&steps=60');
    const { page, complaints, requests } = studio;
    await paint(page);
    expect(requests.some((url) => url.includes('film'))).toBe(false);
    const [file, download] = await fetchFile(page, () =>
      page.locator('[data-verb=timelapse]').click(),
    );
    expect(download.suggestedFilename()).toMatch(/^restyle_.+\.(mp4|webm)$/);
    const input = new Input({ source: new BufferSource(file), formats: ALL_FORMATS });
    const track = (await input.getPrimaryVideoTrack())!;
    const { packetCount } = await track.computePacketStats();
    const seconds = await input.computeDuration();
    expect(seconds).toBeGreaterThan(4);
    expect(packetCount).toBe(Math.round(seconds * 24));
    expect([await track.getDisplayWidth(), await track.getDisplayHeight()]).toEqual([64, 48]);

    // Nothing on the page may play video, so another page does.
    const painting = await shownPixels(page);
    const photo = await photoPixels(page, 64, 48);
    const player = await page.context().newPage();
    const frameAt = async (time: number) =>
      Buffer.from(
        await player.evaluate<number[]>(`(async () => {
          const video = document.createElement('video');
          video.src = ${JSON.stringify(`data:video/${download.suggestedFilename().split('.').at(-1)!};base64,${file.toString('base64')}`)};
          await new Promise((resolve, reject) => {
            video.onerror = () => reject(new Error(video.error.message));
            video.onloadeddata = () => { video.currentTime = ${time}; };
            video.onseeked = resolve;
          });
          const canvas = new OffscreenCanvas(64, 48);
          const context = canvas.getContext('2d');
          context.drawImage(video, 0, 0);
          return [...context.getImageData(0, 0, 64, 48).data];
        })()`),
      );
    const [first, last] = [await frameAt(0.1), await frameAt(seconds - 0.5)];
    expect(difference(first, photo)).toBeLessThan(difference(first, painting) / 2);
    expect(difference(last, painting)).toBeLessThan(difference(last, photo) / 2);
    expect(complaints).toEqual([]);
  });

  it('can be called off', async () => {
    studio = await openStudio(stage, SMALL);
    const { page, complaints } = studio;
    await paint(page);
    await page.route('**/film-*.js', async (route) => {
      await page.locator('[data-verb=stop-timelapse]').click();
      await route.continue();
    });
    await page.locator('[data-verb=timelapse]').click();
    await page.locator('[data-verb=stop-timelapse]').waitFor();
    await page.locator('[data-verb=timelapse]').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
