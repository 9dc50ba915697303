/**
 * Results on their way to the bridge. They wait in the database, so neither a network that is away nor a closed tab
 * loses them; page and service worker may both bring them out.
 */
import { backoff } from '../../shared/backoff.ts';
import { changeJob, listJobs, type Fate, type SavedJob } from '../storage/jobs.ts';
import { alone } from '../storage/locks.ts';
import { tell } from './news.ts';
import { JobClient, JobRefusedError, JobUnreachableError, type Refusal } from './protocol.ts';

/** Background Sync's name for it. */
export const OUTBOX_TAG = 'restyle-results';

const FIRST_WAIT = 2000;
const LONGEST_WAIT = 5 * 60_000;

const FATES: Readonly<Partial<Record<Refusal, Fate>>> = {
  'other-result': 'other',
  over: 'over',
  'not-found': 'over',
};

/**
 * Tries every result whose time has come; an eager caller has reason to think that the network is back, and waits for
 * nothing but what the bridge asked for. `base`: the page's address. Returns when to come again; null: nothing waits.
 */
export async function flushOutbox(base: string, eager: boolean): Promise<number | null> {
  // One at a time in this browser: a second upload of the same would only be turned away.
  return await alone('restyle-outbox', async () => {
    for (const job of await listJobs()) {
      const { result } = job;
      if (result?.fate !== 'waiting') continue;
      const due = eager ? result.notBefore : Math.max(result.notBefore, result.nextTry);
      if (due <= Date.now()) await send(job, base);
    }
    return await nextTry();
  });
}

async function nextTry(): Promise<number | null> {
  const times = (await listJobs())
    .map(({ result }) => result)
    .filter((result) => result?.fate === 'waiting')
    .map((result) => Math.max(result!.notBefore, result!.nextTry));
  return times.length === 0 ? null : Math.min(...times);
}

async function send(job: SavedJob, base: string): Promise<void> {
  const { id, result } = job;
  if (!result) return;
  const client = new JobClient(job, base);
  tell({ id, now: 'sending' });
  try {
    await upload(client, job);
    await settle(id, 'accepted');
  } catch (error) {
    if (error instanceof JobRefusedError) await settle(id, FATES[error.why] ?? 'refused');
    // Whatever else went wrong with this one is no reason to leave the others where they are.
    else await postpone(id, error instanceof JobUnreachableError ? error.wait : 0);
  }
}

async function upload(client: JobClient, { result }: SavedJob): Promise<void> {
  const { blob, type } = result!;
  try {
    await client.result(blob, type);
  } catch (error) {
    // The claim never got through: it is made up for.
    if (!(error instanceof JobRefusedError) || error.why !== 'wrong-state') throw error;
    await client.claim({});
    await client.result(blob, type);
  }
}

async function settle(id: string, fate: Fate): Promise<void> {
  await changeJob(id, (job) => ({ ...job, result: job.result && { ...job.result, fate } }));
  tell({ id, now: fate });
}

async function postpone(id: string, wait: number): Promise<void> {
  const now = Date.now();
  await changeJob(id, (job) => {
    if (!job.result) return job;
    const tries = job.result.tries + 1;
    const pause = backoff(tries, FIRST_WAIT, LONGEST_WAIT);
    // Spread out, so that a bridge that comes back is not met by everybody at once.
    const nextTry = now + pause * (0.5 + Math.random() / 2);
    return { ...job, result: { ...job.result, tries, nextTry, notBefore: now + wait } };
  });
  tell({ id, now: 'waiting' });
}
