import { afterEach, describe, expect, it } from 'vitest';
import { useStage } from './kit/stage.ts';
import { finish, openStudio, type Studio } from './kit/studio.ts';

const stage = useStage();
let studio: Studio;

afterEach(() => studio.close());

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of processor time: what other programs take meanwhile is not in it. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Milliseconds of the longest tasks on the page's main thread. */
function longestTasks(events: readonly TraceEvent[]): number[] {
  const threads = events.filter(
    ({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain',
  );
  const main = new Set(threads.map(({ pid, tid }) => `${pid}.${tid}`));
  return events
    .filter(({ name, pid, tid }) => name.endsWith('RunTask') && main.has(`${pid}.${tid}`))
    .map(({ tdur }) => (tdur ?? 0) / 1000)
    .sort((a, b) => b - a)
    .slice(0, 5);
}

describe('the page on its way in', () => {
  it('puts nothing where something else will be', async () => {
    studio = await openStudio(stage, '');
    const { page } = studio;
    await page.locator('.tile img').last().waitFor();
    await page.locator('.backend[data-threads]').waitFor();
    // Web Vitals' layout shift: 0.1 is good, 0 is perfect.
    const shift = await page.evaluate<number>(`new Promise((resolve) => {
      new PerformanceObserver((list) =>
        resolve(list.getEntries().reduce((sum, { value }) => sum + value, 0)),
      ).observe({ type: 'layout-shift', buffered: true });
      setTimeout(() => resolve(0), 500);
    })`);
    expect(shift).toBeLessThan(0.02);
  });
});

describe('the page while painting', () => {
  it('never holds up the main thread for 50 ms', async () => {
    studio = await openStudio(stage, '?size=256&steps=12');
    const { page } = studio;
    const { browser } = stage;
    await browser.startTracing(page, {
      categories: ['toplevel', 'disabled-by-default-devtools.timeline'],
    });
    await page.locator('.action').click();
    await page.locator('.curve summary').click();
    await finish(page);
    const trace = JSON.parse((await browser.stopTracing()).toString()) as {
      traceEvents: TraceEvent[];
    };
    const longest = longestTasks(trace.traceEvents);
    expect(longest).toHaveLength(5);
    expect(longest[0]).toBeGreaterThan(0);
    expect(longest[0]).toBeLessThan(50);
  });
});
