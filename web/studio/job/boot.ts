/** Whether a Telegram job is at hand; only then does the page load what deals with one. */
import { signal } from '@preact/signals-core';
import { arrival, takeArrival, type Arrival } from '../../job/arrival.ts';
import { dropJob, listJobs, type SavedJob } from '../../storage/jobs.ts';
import type * as Session from './session.ts';

/** Loads what deals with a job, and shows it. */
type Load = () => Promise<Pick<typeof Session, 'begin' | 'goOnWith'>>;

/** A link was opened, and what it brought is not on the screen yet: nothing else should be. */
export const arriving = signal(arrival !== null);

const DAY = 86_400_000;

export async function bootJob(load: Load): Promise<void> {
  // A link put into the address of an open page loads nothing.
  addEventListener('hashchange', () => {
    const next = takeArrival();
    if (next) void open(next, load);
  });
  if (arrival) return open(arrival, load);
  const jobs = await listJobs();
  await Promise.all(jobs.filter(isOld).map(({ id }) => dropJob(id)));
  const [last] = jobs.filter((job) => !isOld(job));
  if (!last) return;
  const { goOnWith } = await load();
  await goOnWith(last);
}

const isOld = ({ view, updated }: SavedJob) => Date.now() > (view?.expires ?? updated + DAY);

async function open(arrival: Arrival, load: Load): Promise<void> {
  const { begin } = await load();
  const begun = begin(arrival);
  arriving.value = false;
  await begun;
}
