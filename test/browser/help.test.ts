import { afterEach, describe, expect, it } from 'vitest';
import { keptSteps } from './kit/checkpoints.ts';
import { useStage } from './kit/stage.ts';
import { finish, openStudio, stepOf, type Studio } from './kit/studio.ts';

let studio: Studio;

afterEach(() => studio.close());

describe('where a run can help itself', () => {
  describe('on WebAssembly', () => {
    const stage = useStage();

    it('paints by tiles what does not fit into memory, in the size that was asked for', async () => {
      studio = await openStudio(stage, '?size=192&scales=1&steps=3&memory=60');
      const { page, complaints } = studio;
      await page.locator('.action').click();
      await expect.poll(() => page.locator('.figures').innerText()).toMatch(/part \d+ of 12/);
      await finish(page);
      expect(await page.locator('.notice').count()).toBe(0);
      const sides = `(({ width, height }) => Math.max(width, height))(document.querySelector('canvas.pastiche'))`;
      expect(await page.evaluate(sides)).toBe(192);
      expect(complaints).toEqual([]);
    });
  });

  describe('on WebGPU', () => {
    const stage = useStage({ webgpu: true });

    it('goes on from the checkpoint when the GPU is lost', async () => {
      studio = await openStudio(
        stage,
        '?backend=webgpu&size=32&steps=60&init=content&style-loss-kind=gram&style-layers=relu1_1&content-layers=relu1_1',
      );
      const { page } = studio;
      await page.locator('.action').click();
      await expect.poll(() => keptSteps(page)).toBeGreaterThanOrEqual(2);
      const kept = await keptSteps(page);
      const cdp = await page.context().newCDPSession(page);
      await cdp.send('Browser.crashGpuProcess' as never);
      await expect
        .poll(() => page.locator('.notice').allInnerTexts())
        .toEqual([expect.stringContaining('took the GPU away')]);
      // The first step that is heard of is not the first.
      await expect.poll(() => stepOf(page)).toBeGreaterThan(0);
      expect(await stepOf(page)).toBeGreaterThanOrEqual(kept);
      await finish(page);
      expect(await page.locator('.finished').getAttribute('data-end')).toBe('whole');
    });
  });
});
