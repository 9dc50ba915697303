/** Telegram jobs as this browser keeps them: the key, the inputs, and the result until it is in the chat. */
import type { JobKey } from '../../shared/deeplink.ts';
import { database } from './database.ts';
import type { Fate, SavedJob, SavedResult } from './records.ts';

export type { Fate, SavedJob, SavedResult };

/** Where storage is forbidden or full, a job lives as long as its tab. */
const here = new Map<string, SavedJob>();

export async function loadJob(id: string): Promise<SavedJob | null> {
  const inMemory = here.get(id);
  if (inMemory) return inMemory;
  try {
    return (await (await database()).get('jobs', id)) ?? null;
  } catch {
    return null;
  }
}

/** Newest first. */
export async function listJobs(): Promise<SavedJob[]> {
  const kept = await database()
    .then((db) => db.getAll('jobs'))
    .catch((): SavedJob[] => []);
  const all = new Map([...kept.map((job) => [job.id, job] as const), ...here]);
  return [...all.values()].sort((a, b) => b.updated - a.updated);
}

/** Makes the job, unless it is there already. */
export async function openJob({ id, cap }: JobKey): Promise<void> {
  if (await loadJob(id)) return;
  const job = { id, cap, view: null, claimed: false, inputs: [], result: null };
  await write({ ...job, updated: Date.now() });
}

/** Changes what is there at that moment, page and service worker at once; null if the job is gone. */
export async function changeJob(
  id: string,
  change: (job: SavedJob) => SavedJob,
): Promise<SavedJob | null> {
  const inMemory = here.get(id);
  if (inMemory) return write(change(inMemory));
  let known: SavedJob | undefined;
  try {
    const store = (await database()).transaction('jobs', 'readwrite').store;
    known = await store.get(id);
    if (!known) return null;
    const changed = change(known);
    await store.put(changed);
    await store.transaction.done;
    return changed;
  } catch {
    if (!known) return null;
    const changed = change(known);
    here.set(id, changed);
    return changed;
  }
}

async function write(job: SavedJob): Promise<SavedJob> {
  try {
    await (await database()).put('jobs', job);
    here.delete(job.id);
  } catch {
    here.set(job.id, job);
  }
  return job;
}

export async function dropJob(id: string): Promise<void> {
  here.delete(id);
  await database()
    .then((db) => db.delete('jobs', id))
    .catch(() => undefined);
}
