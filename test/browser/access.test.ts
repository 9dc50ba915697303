import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { objections } from './kit/access.ts';
import { useStage } from './kit/stage.ts';
import { finish, openStudio, reachStep, type Studio } from './kit/studio.ts';

const stage = useStage();
let studio: Studio;

afterEach(() => studio.close());

/** Nothing sticks out to the side. */
const width = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth');

/** What fingers are to hit, and smaller than 44 px in both directions. */
const tooSmall = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('button, summary, .split, input[type=range], label:has(input)')]
    .filter((one) => one.checkVisibility() && !one.closest('.for-screen-readers'))
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([, { width, height }]) => width > 1 && height < 44 && width < 44)
    .map(([one, { width, height }]) => one.outerHTML.slice(0, 80) + ' ' + width + ' x ' + height)`);

describe.each([
  {
    name: 'a phone in the dark',
    viewport: { width: 320, height: 640 },
    colorScheme: 'dark',
    locale: 'ru-RU',
  },
  {
    name: 'a desk by daylight',
    viewport: { width: 1280, height: 900 },
    colorScheme: 'light',
    locale: 'en-US',
  },
] as const)('on $name', ({ viewport, colorScheme, locale }) => {
  it('every screen is for everyone', async () => {
    const reducedMotion = 'reduce';
    studio = await openStudio(stage, '?size=64&steps=3000', {
      viewport,
      colorScheme,
      locale,
      reducedMotion,
    });
    const { page, complaints } = studio;
    const look = async (screen: string) => {
      expect(await objections(page), screen).toEqual([]);
      expect(await width(page), screen).toBe(viewport.width);
      expect(await tooSmall(page), screen).toEqual([]);
    };
    await look('ready');
    await page.locator('[data-verb=mix]').click();
    await page.locator('.drawer summary').click();
    await page.locator('.drawer fieldset').first().waitFor();
    await look('several styles, advanced');

    await page.locator('[data-verb=regions]').click();
    await page.locator('.board-frame').waitFor();
    await look('regions');
    await page.locator('[data-verb=regions-done]').click();

    await page.locator('.action').click();
    await reachStep(page, 5);
    await page.locator('.curve summary').click();
    await page.locator('.plot canvas').waitFor();
    await look('painting, with its curve');
    await page.locator('[data-verb=stop]').click();
    await finish(page);
    await look('done');
    await page.reload();
    await page.locator('.action:enabled').waitFor();
    expect(complaints).toEqual([]);
  });
});
