import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { keptRuns, keptSteps } from './kit/checkpoints.ts';
import { useStage } from './kit/stage.ts';
import { finish, openStudio, reachStep, type Studio } from './kit/studio.ts';

const stage = useStage();
let studio: Studio;

afterEach(() => studio.close());

/** The painting on the easel, as its bytes. */
const painting = (page: Page): Promise<number[]> =>
  page.evaluate(`(() => {
    const canvas = document.querySelector('canvas.pastiche');
    const { width, height } = canvas;
    return [...canvas.getContext('2d').getImageData(0, 0, width, height).data];
  })()`);

/** How many runs some tab is working on. */
const HELD = `navigator.locks.query().then(({ held }) =>
  held.filter(({ name }) => name.startsWith('restyle-run-')).length)`;

const SEARCH = '?size=64&steps=60';

/** Begins, breaks off at about this step and comes back as after a crash or a closed tab. */
async function interrupt(page: Page, step: number): Promise<void> {
  await page.locator('.action').click();
  await reachStep(page, step);
  await page.getByRole('button', { name: 'Pause' }).click();
  // The one before it may still be resting from its writing.
  await expect.poll(() => keptSteps(page)).toBeGreaterThanOrEqual(step);
  await page.reload();
  await page.locator('.action:enabled').waitFor();
}

describe('an interrupted painting', () => {
  it('goes on after a reload and ends as it would have without the break', async () => {
    studio = await openStudio(stage, SEARCH);
    const { page, complaints } = studio;
    await page.locator('.action').click();
    await finish(page);
    const unbroken = await painting(page);
    // Not forgotten before its picture is in the gallery.
    await expect.poll(() => keptRuns(page)).toBe(0);
    await page.reload();
    await page.locator('.action:enabled').waitFor();
    expect(await page.locator('[data-offer=go-on]').count()).toBe(0);

    await interrupt(page, 15);
    await page.getByRole('button', { name: 'Go on with it' }).click();
    await finish(page);
    expect(await page.locator('.finished').getAttribute('data-end')).toBe('whole');
    expect(await page.locator('.figures').innerText()).toContain('60 steps');
    expect(await painting(page)).toEqual(unbroken);
    await expect.poll(() => keptSteps(page)).toBe(-1);
    expect(complaints).toEqual([]);
  });

  it('says so when its checkpoint is of no use, and offers to begin anew', async () => {
    studio = await openStudio(stage, '?size=64&steps=6000');
    const { page, complaints } = studio;
    await interrupt(page, 5);
    // As a page of another version would have left it.
    await page.evaluate(`new Promise((resolve, reject) => {
      const opening = indexedDB.open('restyle');
      opening.onsuccess = () => {
        const { result: db } = opening;
        const change = db.transaction('checkpoints', 'readwrite');
        const store = change.objectStore('checkpoints');
        store.getAll().onsuccess = ({ target }) => {
          const [kept] = target.result;
          store.put({ ...kept, state: { ...kept.state, version: 999 } });
        };
        change.onerror = () => reject(change.error);
        change.oncomplete = () => {
          db.close();
          resolve();
        };
      };
    })`);
    await page.getByRole('button', { name: 'Go on with it' }).click();
    const notice = page.getByRole('alert');
    await notice.getByText('This painting cannot be gone on with.').waitFor();
    await notice.getByRole('button', { name: 'Start anew' }).click();
    await reachStep(page, 2);
    await page.locator('[data-verb=stop]').click();
    await finish(page);
    expect(complaints).toEqual([]);
  });

  it('is offered to another tab only when none works on it, and can be let go', async () => {
    studio = await openStudio(stage, SEARCH.replace('60', '5000'));
    const { page } = studio;
    await page.locator('.action').click();
    await reachStep(page, 5);
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.locator('.action:enabled').waitFor();
    await expect.poll(() => other.evaluate(HELD)).toBe(1);
    expect(await other.locator('[data-offer=go-on]').count()).toBe(0);

    await page.close();
    await other.reload();
    await other.getByRole('button', { name: 'Discard' }).click();
    await expect.poll(() => keptSteps(other)).toBe(-1);
    await other.reload();
    await other.locator('.action:enabled').waitFor();
    expect(await other.locator('[data-offer=go-on]').count()).toBe(0);
  });
});
