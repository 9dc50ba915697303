/**
 * npm run bench:sketch:page: how long a person waits for a sketch, in Chromium on wasm. Everything cached: from opening the
 * page to the first sketch (a style is touched as soon as there is one to touch), then from touches with the network warm;
 * and from the first touch of a person who has looked at the page for a few seconds.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchProfile } from './kit/chromium.ts';
import { openSite } from './kit/site.ts';

const TOUCHES = 5;
/** Milliseconds that somebody looks at the page before they touch a style. */
const LOOK = 5000;

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
const profile = await mkdtemp(join(tmpdir(), 'restyle-sketch-'));

/** Opens the page as on another day: in a browser of its own, which has begun and is idle. */
async function visit<T>(act: (page: Page) => Promise<T>): Promise<T> {
  const context = await launchProfile(profile);
  try {
    const page = await context.newPage();
    await page.waitForTimeout(LOOK);
    await page.goto(`${site.origin}/?backend=wasm`);
    await page.locator('fieldset[data-role=style] label.tile input').nth(2).waitFor();
    return await act(page);
  } finally {
    await context.close();
  }
}

try {
  await visit(async (page) => {
    await page.locator('[data-offline=ready]').waitFor({ state: 'attached' });
    // Measured once, on the first visit.
    await page.evaluate(`new Promise((resolve) => {
      const look = () =>
        Object.keys(localStorage).some((key) => key.includes('pace.')) ? resolve() : setTimeout(look, 100);
      look();
    })`);
  });
  const shown = (ms: number) => Math.round(ms);
  const atOnce = await visit(async (page) => {
    const first = await touch(page, 1);
    const sinceLoad: number = await page.evaluate('performance.now()');
    const warm: number[] = [];
    for (let i = 0; i < TOUCHES; i++) warm.push(await touch(page, 2 + (i % 3)));
    return {
      cores: await page.evaluate<number>('navigator.hardwareConcurrency'),
      loadToFirstSketchMs: shown(sinceLoad),
      firstTouchMs: shown(first),
      warmTouchMs: warm.map(shown),
    };
  });
  const looked = await visit(async (page) => {
    await page.waitForTimeout(LOOK);
    return touch(page, 1);
  });
  const figures = { ...atOnce, firstTouchAfterALookMs: shown(looked) };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  await site.close();
  await rm(profile, { recursive: true, force: true });
}
