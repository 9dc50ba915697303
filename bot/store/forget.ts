import { blobKey } from './blobs.ts';
import type { Queries } from './database.ts';
import { openJobs } from './jobs.ts';

/** The person blocked the bot: nothing more is said, open links stop working. Returns blobs to remove. */
export async function revokeChat(q: Queries, chatId: number, now: number): Promise<string[]> {
  for (const job of await openJobs(q, chatId)) {
    await q
      .updateTable('job')
      .set({ state: 'cancelled', updated: now })
      .where('id', '=', job.id)
      .execute();
  }
  const lost = await q
    .updateTable('job')
    .set({ state: 'dead', updated: now })
    .where('chat_id', '=', chatId)
    .where('state', '=', 'uploaded')
    .returning('id')
    .execute();
  await q
    .updateTable('outbox')
    .set({ state: 'dead', lease_until: 0, last_error: 'blocked', updated: now })
    .where('chat_id', '=', chatId)
    .where('state', '=', 'pending')
    .execute();
  await q
    .updateTable('chat')
    .set({ state: '{}', card_mid: null, wake_at: null, blocked: 1, updated: now })
    .where('chat_id', '=', chatId)
    .execute();
  return await blobsOf(
    q,
    lost.map((job) => job.id),
  );
}

/** Everything of a person goes, at once. Returns blobs to remove after the commit. */
export async function forgetChat(q: Queries, chatId: number): Promise<string[]> {
  const jobs = await q.selectFrom('job').select('id').where('chat_id', '=', chatId).execute();
  const ids = jobs.map((job) => job.id);
  const blobs = await blobsOf(q, ids);
  await q.deleteFrom('outbox').where('chat_id', '=', chatId).execute();
  if (ids.length > 0) {
    await q.deleteFrom('result').where('job', 'in', ids).execute();
    await q.deleteFrom('input').where('job', 'in', ids).execute();
    await q.deleteFrom('job').where('id', 'in', ids).execute();
  }
  await q.deleteFrom('chat').where('chat_id', '=', chatId).execute();
  return blobs;
}

export async function blobsOf(q: Queries, jobs: readonly string[]): Promise<string[]> {
  if (jobs.length === 0) return [];
  const rows = await q
    .selectFrom('result')
    .select(['job', 'sha'])
    .where('job', 'in', [...jobs])
    .execute();
  return rows.map((row) => blobKey(row.job, row.sha));
}
