/** What the studio does for a Telegram job, without a bridge or a page. */
import './kit/place.ts';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JobState } from '../../shared/job.ts';
import type { Current } from '../../web/studio/job/current.ts';
import type { Brought } from '../../web/studio/job/state.ts';
import type { SavedJob } from '../../web/storage/jobs.ts';
import type { Interrupted } from '../../web/studio/run/store.ts';

const { tell } = await import('../../web/job/news.ts');
const { setCurrent } = await import('../../web/studio/job/current.ts');
const { watchFinished } = await import('../../web/studio/job/deliver.ts');
const { pickUp } = await import('../../web/studio/job/resume.ts');
const { brought, delivery } = await import('../../web/studio/job/state.ts');
const { interrupted } = await import('../../web/studio/run/store.ts');

describe('a picture that the bridge has', () => {
  watchFinished();
  let looks: number;

  /** The bridge's answers, the last of which stays. */
  function answering(id: string, ...states: readonly JobState[]): void {
    looks = 0;
    const view = () => Promise.resolve({ state: states[Math.min(looks++, states.length - 1)] });
    brought.value = { id } as Brought;
    delivery.value = null;
    setCurrent({ id, client: { view } } as unknown as Current);
    tell({ id, now: 'accepted' });
  }

  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is asked after until it is in the chat or cannot come there', async () => {
    answering('one', 'uploaded', 'uploaded', 'dead');
    await vi.advanceTimersByTimeAsync(0);
    expect([looks, delivery.value]).toEqual([1, 'accepted']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([looks, delivery.value]).toEqual([3, 'dead']);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(looks).toBe(3);
  });

  it('is not asked after in a state that no result leads to', async () => {
    answering('two', 'claimed');
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(looks).toBe(1);
  });

  it('is left when the tab goes on with another job', async () => {
    answering('three', 'uploaded');
    await vi.advanceTimersByTimeAsync(0);
    const before = looks;
    answering('four', 'delivered');
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect([before, looks, delivery.value]).toEqual([1, 1, 'delivered']);
  });
});

describe("the offer to go on with a job's run", () => {
  const offer = (job: string) => {
    interrupted.value = { run: { job }, steps: 1 } as Interrupted;
    return interrupted.value;
  };

  it('is hidden for the job of this tab only, and for one that was before it no longer', async () => {
    await pickUp({ id: 'first' } as SavedJob, []);
    expect(offer('first')).toBeNull();
    await pickUp({ id: 'second' } as SavedJob, []);
    expect(offer('second')).toBeNull();
    expect(offer('first')).not.toBeNull();
  });
});
