/**
 * npm run bench:sketch:page: how long a person waits for a sketch, in Chromium on wasm. Everything cached: from opening the
 * page to the first sketch (a style is touched as soon as there is one to touch), then from touches with the network warm.
 */
import type { Page } from 'playwright-core';
import { launch } from './kit/chromium.ts';
import { openSite } from './kit/site.ts';

const TOUCHES = 5;

/** Milliseconds from a click on the style to its sketch, measured by the page's own clock. */
const touch = (page: Page, index: number): Promise<number> =>
  page.evaluate(`new Promise((resolve) => {
    const before = document.querySelector('canvas.sketch');
    const look = () => {
      const canvas = document.querySelector('canvas.sketch');
      return canvas && canvas.toDataURL().slice(-4000);
    };
    const was = before && look();
    const begun = performance.now();
    document.querySelectorAll('fieldset[data-role=style] label.tile input')[${index}].click();
    const wait = () => {
      const now = look();
      if (now && now !== was) resolve(performance.now() - begun);
      else requestAnimationFrame(wait);
    };
    wait();
  })`);

const site = await openSite({ minify: true });
const browser = await launch();
try {
  const context = await browser.newContext({ locale: 'en-US' });
  const page = await context.newPage();
  const open = () => page.goto(`${site.origin}/?backend=wasm&measure=0`);
  await open();
  await page.locator('[data-offline=ready]').waitFor({ state: 'attached', timeout: 120_000 });
  await open();
  await page.locator('fieldset[data-role=style] label.tile input').nth(2).waitFor();
  const cold = await touch(page, 1);
  const sinceLoad: number = await page.evaluate('performance.now()');
  const warm: number[] = [];
  for (let i = 0; i < TOUCHES; i++) warm.push(await touch(page, 2 + (i % 3)));
  const shown = (ms: number) => Math.round(ms);
  const figures = {
    cores: await page.evaluate<number>('navigator.hardwareConcurrency'),
    loadToFirstSketchMs: shown(sinceLoad),
    firstTouchMs: shown(cold),
    warmTouchMs: warm.map(shown),
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  await browser.close();
  await site.close();
}
