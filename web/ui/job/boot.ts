/** Whether a Telegram job is at hand; only then does the page load what deals with one. */
import { signal } from '@preact/signals';
import { arrival, takeArrival, type Arrival } from '../../job/arrival.ts';
import type * as Ui from './ui.ts';
import { dropJob, listJobs, type SavedJob } from '../../storage/jobs.ts';

type JobUi = typeof Ui;

/** null: no job so far. */
export const jobUi = signal<JobUi | null>(null);

/** A link was opened, and what it brought is not on the screen yet: nothing else should be. */
export const arriving = signal(arrival !== null);

const DAY = 86_400_000;

export async function bootJob(): Promise<void> {
  // A link put into the address of an open page loads nothing.
  addEventListener('hashchange', () => {
    const next = takeArrival();
    if (next) void open(next);
  });
  if (arrival) return open(arrival);
  const jobs = await listJobs();
  await Promise.all(jobs.filter(isOld).map(({ id }) => dropJob(id)));
  const [last] = jobs.filter((job) => !isOld(job));
  if (!last) return;
  const ui = await load();
  await ui.goOnWith(last);
}

const isOld = ({ view, updated }: SavedJob) => Date.now() > (view?.expires ?? updated + DAY);

async function open(arrival: Arrival): Promise<void> {
  const ui = await load();
  const begun = ui.begin(arrival);
  arriving.value = false;
  await begun;
}

async function load(): Promise<JobUi> {
  jobUi.value ??= await import('./ui.ts');
  return jobUi.value;
}
