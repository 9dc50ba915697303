import { afterEach, expect, it } from 'vitest';
import { keptSteps } from '../browser/kit/checkpoints.ts';
import { useStage } from '../browser/kit/stage.ts';
import { finish, openStudio, stepOf, type Studio } from '../browser/kit/studio.ts';

const stage = useStage({ webgpu: true });
let studio: Studio;
afterEach(() => studio.close());

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
