import { afterEach, expect, it } from 'vitest';
import { useStage } from './kit/stage.ts';
import { finish, openStudio, type Studio } from './kit/studio.ts';

const stage = useStage();
let studio: Studio;
afterEach(() => studio.close());

it('paints by tiles what does not fit into memory, in the size that was asked for', async () => {
  studio = await openStudio(stage, '?size=192&scales=1&steps=3&memory=100');
  const { page, complaints } = studio;
  await page.locator('.action').click();
  await expect.poll(() => page.locator('.figures').innerText()).toMatch(/part \d+ of 12/);
  await finish(page);
  expect(await page.locator('.notice').count()).toBe(0);
  const sides = `(({ width, height }) => Math.max(width, height))(document.querySelector('canvas.pastiche'))`;
  expect(await page.evaluate(sides)).toBe(192);
  expect(complaints).toEqual([]);
});
