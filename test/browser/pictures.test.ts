import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { RefusedPicture } from '../../shared/pictures/refusal.ts';
import { PICTURE_WORDS, whyRefused } from '../../shared/pictures/words.ts';
import { readPicture } from '../../tools/pictures.ts';
import type { Pixels } from '../../web/engine/pipeline/pixels.ts';
import { FIXTURES, type Fixture } from '../fixtures/pictures/table.ts';
import { useStage } from './kit/stage.ts';
import { chooseFile, finish, openStudio, photoSize, type Studio } from './kit/studio.ts';

const stage = useStage();
const WORDS = PICTURE_WORDS.en;
let studio: Studio;
let folder: string;

beforeAll(async () => {
  studio = await openStudio(stage, '');
  folder = mkdtempSync(join(tmpdir(), 'restyle-'));
});
afterAll(async () => {
  await studio.close();
  rmSync(folder, { recursive: true });
});

/** As the command line sees it. */
async function onCommandLine({ name, bytes }: Fixture): Promise<Pixels> {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    return await readPicture(path);
  } finally {
    said.mockRestore();
  }
}

const address = () => studio.page.locator('.photo').getAttribute('src');

/** RGBA of the photo on the easel. */
const onEasel = (): Promise<number[]> =>
  studio.page.evaluate(`(() => {
    const image = document.querySelector('.photo');
    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    return [...context.getImageData(0, 0, canvas.width, canvas.height).data];
  })()`);

/** Greatest difference of two pictures, in levels of 255, both laid over white. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const seen = (data: ArrayLike<number>, i: number) => {
    const alpha = data[i | 3]!;
    return (data[i]! * alpha) / 255 + 255 - alpha;
  };
  let worst = 0;
  for (let i = 0; i < a.length; i++)
    if (i % 4 !== 3) worst = Math.max(worst, Math.abs(seen(a, i) - seen(b, i)));
  return worst;
}

describe('pictures on the page', () => {
  it.each(FIXTURES.map((fixture) => [fixture.name, fixture] as const))('%s', async (_, fixture) => {
    const { name, bytes, outcome } = fixture;
    const { page, complaints } = studio;
    const before = await address();
    await chooseFile(page, 'photo', name, bytes);
    const notice = page.locator('.notice', { hasText: typeof outcome === 'string' ? name : '' });
    if (typeof outcome === 'string') {
      await notice.waitFor();
      const size = name === 'immense.png' ? 65_536 : 30_000;
      const why = new RefusedPicture(outcome, { width: size, height: size });
      const text = await notice.innerText();
      expect(text).toContain(whyRefused(WORDS, name, why));
      expect(text).toContain(WORDS.advice[outcome]);
      expect(text).toContain('Nothing was changed.');
      expect(await address()).toBe(before);
    } else {
      await expect.poll(address).not.toBe(before);
      const { width, height, damaged = false, moving = false } = outcome;
      expect(await photoSize(page)).toEqual({ width, height });
      const text = await notice.innerText();
      expect(text.includes(WORDS.damaged(name, outcome))).toBe(damaged);
      expect(text.includes(WORDS.still)).toBe(moving);
      const pixels = await onCommandLine(fixture);
      expect(apart(await onEasel(), pixels.data)).toBeLessThanOrEqual(fixture.apart ?? 2);
    }
    expect(complaints).toEqual([]);
  });
});

it('says before the run that a picture is too thin, and paints it once it is repeated', async () => {
  const { page, complaints } = await openStudio(stage, '?size=64&steps=2');
  const thin = { width: 200, height: 20, channels: 3 as const, background: '#a42' };
  await chooseFile(page, 'photo', 'thread.png', await sharp({ create: thin }).png().toBuffer());
  await expect.poll(() => photoSize(page)).toEqual({ width: 200, height: 20 });
  const line = page.getByRole('alert');
  await line.waitFor();
  expect(await line.innerText()).toContain(
    'The photo is too thin for this network: it would be painted at 64 × 6 pixels, and the network needs 8 × 8 at least.',
  );
  expect(await page.locator('.action').isDisabled()).toBe(true);
  await line.getByRole('button', { name: 'Use ResNet50 lite' }).waitFor();
  await line.getByRole('button', { name: 'Repeat the picture' }).click();
  await line.waitFor({ state: 'detached' });
  await page.locator('.action').click();
  await finish(page);
  expect(await photoSize(page)).toEqual({ width: 200, height: 200 });
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('says that a run did not converge, and leaves the photo on the easel', async () => {
  const { page, complaints } = await openStudio(stage, '?size=32&steps=4&style-weight=1e40');
  await page.locator('.action').click();
  const notice = page.getByRole('alert');
  await notice.waitFor();
  expect(await notice.innerText()).toContain('The run did not converge');
  expect(await notice.innerText()).toContain('Choose smaller weights or a lower learning rate.');
  expect(await page.locator('.photo').count()).toBe(1);
  expect(complaints).toEqual([]);
  await page.context().close();
});
