import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** What the rules for accessible pages have against the page, or a part of it, with the element they mean. */
export async function objections(page: Page, part = 'html'): Promise<string[]> {
  // What is half faded in has half the contrast. Some animations have no end; of one that is called off while it is waited
  // for, nothing may ever be heard.
  const moving = () =>
    page.evaluate<number>(`document.getAnimations().filter(({ effect, playState }) =>
      playState === 'running' && effect.getComputedTiming().endTime < Infinity).length`);
  await expect.poll(moving).toBe(0);
  await page.evaluate(axe.source);
  return page.evaluate<string[]>(
    `axe.run(${JSON.stringify(part)}).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`,
  );
}
