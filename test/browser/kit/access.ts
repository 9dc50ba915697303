import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What the rules for accessible pages have against the page, or a part of it, with the element they mean. */
export async function objections(page: Page, part = 'html'): Promise<string[]> {
  // What is half faded in has half the contrast. Some animations have no end, and some are called off.
  await page.evaluate(`Promise.allSettled(document.getAnimations()
    .filter(({ effect }) => effect.getComputedTiming().endTime < Infinity)
    .map(({ finished }) => finished))`);
  await page.evaluate(axe.source);
  return page.evaluate<string[]>(
    `axe.run(${JSON.stringify(part)}).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`,
  );
}
