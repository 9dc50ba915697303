import { afterEach, describe, expect, it } from 'vitest';
import { keptRuns, keptSteps } from './kit/checkpoints.ts';
import { useStage } from './kit/stage.ts';
import { finish, openStudio, reachStep, type Studio } from './kit/studio.ts';

const stage = useStage();
let studio: Studio;

afterEach(() => studio.close());

describe('a run, pressed hard,', () => {
  it('leads back to the photo when stopped at once', async () => {
    studio = await openStudio(stage, '?size=64&steps=60');
    const { page, complaints } = studio;
    await page.evaluate(`(async () => {
    document.querySelector('.action').click();
    const task = () => new Promise((resolve) => setTimeout(resolve));
    let stop = null;
    while (!stop) {
      await task();
      stop = document.querySelector('[data-verb=stop]');
    }
    stop.click();
  })()`);
    await page.locator('.easel[data-phase=ready]').waitFor();
    await expect.poll(() => keptRuns(page)).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('goes on once when asked twice', async () => {
    studio = await openStudio(stage, '?size=64&steps=3000');
    const { page, complaints } = studio;
    await page.locator('.action').click();
    await reachStep(page, 5);
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect.poll(() => keptSteps(page)).toBeGreaterThanOrEqual(5);
    await page.reload();
    await page.locator('[data-offer=go-on]').waitFor();
    await page.evaluate(
      `(() => { const b = [...document.querySelectorAll('[data-offer=go-on] button')].at(-1); b.click(); b.click(); })()`,
    );
    await reachStep(page, 6);
    await page.locator('[data-verb=stop]').click();
    await finish(page);
    expect(complaints).toEqual([]);
  });

  it('begins again while a picture is being enlarged', async () => {
    studio = await openStudio(stage, '?size=64&steps=4');
    const { page, complaints } = studio;
    await page.locator('.action').click();
    await finish(page);
    await page.locator('[data-verb=enlarge]').click();
    await page.locator('.easel[data-phase=enlarging]').waitFor();
    await page.evaluate(
      `(() => { document.querySelectorAll('[data-role=style] input[type=radio]')[1].click(); })()`,
    );
    await page.locator('.action:enabled').click();
    await page.locator('.easel[data-phase=loading], .easel[data-phase=painting]').first().waitFor();
    await finish(page);
    await expect.poll(() => keptRuns(page)).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('keeps the first picture when the second network cannot be had, and goes on from there', async () => {
    studio = await openStudio(stage, '?size=64&steps=4');
    const { page, requests } = studio;
    await page.route('**/models/lite-resnet*', (route) => route.abort());
    await page.locator('input[value=both]').check({ force: true });
    await page.locator('.action').click();
    await page.locator('.notice.trouble').waitFor();
    await finish(page);
    expect(await page.locator('.figures .made').count()).toBe(1);
    expect(await keptRuns(page)).toBe(1);
    await page.unroute('**/models/lite-resnet*');
    const before = requests.length;
    await page.locator('.notice.trouble .verbs .verb').first().click();
    await page.locator('[data-phase=loading], [data-phase=painting]').first().waitFor();
    await finish(page);
    await expect.poll(() => keptRuns(page)).toBe(0);
    expect(await page.locator('.figures .made').count()).toBe(2);
    expect(requests.slice(before).some((url) => url.includes('lite-vgg'))).toBe(false);
    await page.locator('[data-verb=gallery]').click();
    await expect.poll(() => page.locator('.card').count()).toBe(2);
  });
});
