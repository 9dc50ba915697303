import { afterEach, describe, expect, it } from 'vitest';
import { keptSteps } from './kit/checkpoints.ts';
import { useStage } from './kit/stage.ts';
import { finish, openStudio, stepOf, type Studio } from './kit/studio.ts';

let studio: Studio;

afterEach(() => studio.close());

describe('where a run can help itself', () => {
  describe('on WebAssembly', () => {
    const stage = useStage();

    it('paints smaller what does not fit into memory, and says so', async () => {
      studio = await openStudio(stage, '?size=4096&steps=3');
      const { page } = studio;
      await page.locator('.action').click();
      const notice = page.locator('.notice');
      await notice.waitFor();
      expect(await notice.innerText()).toContain('it is being painted at 1024 px');
      expect(await page.locator('output').first().innerText()).toBe('1024 px');
      expect(await page.locator('.action').innerText()).toBe('Painting …');
      await page.locator('[data-verb=stop]').click();
      await page.locator('.action:enabled').waitFor();
    });
  });

  describe('on WebGPU', () => {
    const stage = useStage({ webgpu: true });

    it('goes on from the checkpoint when the GPU is lost', async () => {
      studio = await openStudio(stage, '?backend=webgpu&size=32&steps=8');
      const { page } = studio;
      await page.locator('.action').click();
      await expect.poll(() => keptSteps(page), { timeout: 60_000 }).toBeGreaterThanOrEqual(2);
      const kept = await keptSteps(page);
      const cdp = await page.context().newCDPSession(page);
      await cdp.send('Browser.crashGpuProcess' as never);
      await expect
        .poll(() => page.locator('.notice').allInnerTexts(), { timeout: 60_000 })
        .toEqual([expect.stringContaining('took the GPU away')]);
      // The first step that is heard of is not the first.
      await expect.poll(() => stepOf(page), { timeout: 60_000 }).toBeGreaterThan(0);
      expect(await stepOf(page)).toBeGreaterThanOrEqual(kept);
      await finish(page);
      expect(await page.locator('.finished').getAttribute('data-end')).toBe('whole');
    });
  });
});
