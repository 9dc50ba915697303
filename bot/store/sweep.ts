import { LOST_STATES, PAUSED_AFTER } from '../../shared/job.ts';
import type { Blobs } from './blobs.ts';
import { blobKey } from './blobs.ts';
import type { Database } from './database.ts';
import { blobsOf } from './forget.ts';
import { expireJobs } from './jobs.ts';
import { enqueueJobCard } from './outbox.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FINISHED = ['delivered', ...LOST_STATES] as const;

export interface SweepOptions {
  readonly database: Database;
  readonly blobs: Blobs;
  readonly retentionDays: number;
  readonly now: () => number;
}

export interface Swept {
  readonly expired: number;
  readonly jobs: number;
  readonly blobs: number;
}

/** End what is past its time, delete what nobody needs. Safe to run on every replica at once. */
export async function sweep(o: SweepOptions): Promise<Swept> {
  const { database, now } = o;
  const at = now();
  const expired = await database.db.transaction().execute(async (q) => {
    const jobs = await expireJobs(q, at);
    for (const job of jobs) await enqueueJobCard(q, job.chat_id, job.id, at);
    return jobs.length;
  });
  await showPauses(database, at);
  const jobs = await deleteOld(o, at - o.retentionDays * DAY);
  const { db } = database;
  await db
    .deleteFrom('outbox')
    .where('state', '=', 'sent')
    .where('kind', '<>', 'picture')
    .where('updated', '<', at - HOUR)
    .execute();
  // Telegram repeats an update for a day at most.
  await db
    .deleteFrom('seen')
    .where('at', '<', at - 2 * DAY)
    .execute();
  const blobs = await removeOrphans(o, at - HOUR);
  return { expired, jobs, blobs };
}

/** A page that has gone quiet: its card says so, once. */
async function showPauses(database: Database, now: number): Promise<void> {
  const quietSince = now - PAUSED_AFTER;
  await database.db.transaction().execute(async (q) => {
    const quiet = await q
      .updateTable('job')
      .set({ shown_at: now })
      .where('state', '=', 'running')
      .where('beat_at', '<', quietSince)
      .where((eb) => eb('shown_at', '<', eb('beat_at', '+', PAUSED_AFTER)))
      .returning(['id', 'chat_id'])
      .execute();
    for (const job of quiet) await enqueueJobCard(q, job.chat_id, job.id, now);
  });
}

async function deleteOld(o: SweepOptions, before: number): Promise<number> {
  const { db } = o.database;
  const old = await db
    .selectFrom('job')
    .select('id')
    .where('state', 'in', [...FINISHED])
    .where('updated', '<', before)
    .limit(1000)
    .execute();
  const ids = old.map((job) => job.id);
  const orphans = await blobsOf(db, ids);
  if (ids.length > 0) {
    await db.transaction().execute(async (q) => {
      await q.deleteFrom('outbox').where('job', 'in', ids).execute();
      await q.deleteFrom('result').where('job', 'in', ids).execute();
      await q.deleteFrom('input').where('job', 'in', ids).execute();
      await q.deleteFrom('job').where('id', 'in', ids).execute();
    });
  }
  for (const key of orphans) await o.blobs.remove(key);
  await db.deleteFrom('outbox').where('state', '=', 'dead').where('updated', '<', before).execute();
  await db
    .deleteFrom('chat')
    .where('updated', '<', before)
    .where('wake_at', 'is', null)
    .where('card_mid', 'is', null)
    .execute();
  return ids.length;
}

/** Files that a crash left behind: kept by no result that still waits for its delivery. */
async function removeOrphans(o: SweepOptions, before: number): Promise<number> {
  const found = await o.blobs.list(before);
  if (found.length === 0) return 0;
  const wanted = await o.database.db
    .selectFrom('result')
    .select(['job', 'sha'])
    .where('delivered_at', 'is', null)
    .execute();
  const keys = new Set(wanted.map((row) => blobKey(row.job, row.sha)));
  const orphans = found.filter((key) => !keys.has(key));
  for (const key of orphans) await o.blobs.remove(key);
  return orphans.length;
}
