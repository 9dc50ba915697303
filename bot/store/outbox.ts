import { randomUUID } from 'node:crypto';
import type { Database, Queries } from './database.ts';
import type { OutboxKind, OutboxRow } from './schema.ts';

/** Something the chat shall see, kept until it has. */
export interface Posting {
  readonly chatId: number;
  readonly kind: OutboxKind;
  readonly job?: string;
  readonly payload?: unknown;
}

/** Talk keeps its order within a chat; a picture that waits for a repair must not hold up the talk. */
function laneOf(posting: Posting): string {
  return posting.kind === 'picture' ? `job:${posting.job ?? ''}` : `chat:${posting.chatId}`;
}

export async function enqueue(q: Queries, posting: Posting, now: number): Promise<void> {
  await q
    .insertInto('outbox')
    .values({
      lane: laneOf(posting),
      chat_id: posting.chatId,
      kind: posting.kind,
      job: posting.job ?? null,
      payload: JSON.stringify(posting.payload ?? {}),
      state: 'pending',
      holder_mid: null,
      holders: 0,
      attempts: 0,
      next_at: now,
      lease_until: 0,
      lease_by: null,
      last_error: null,
      created: now,
      updated: now,
    })
    .execute();
}

/**
 * A card is drawn from the state when it goes out, so one waiting row is enough: drop the others.
 * Returns whether one of them was to become a new message.
 */
export async function dropWaitingCards(
  q: Queries,
  kind: 'card' | 'jobcard',
  where: { readonly chatId: number; readonly job?: string },
  now: number,
): Promise<boolean> {
  const dropped = await q
    .deleteFrom('outbox')
    .where('chat_id', '=', where.chatId)
    .where('kind', '=', kind)
    .where('state', '=', 'pending')
    .where('lease_until', '<=', now)
    .where('attempts', '=', 0)
    .$if(where.job !== undefined, (qb) => qb.where('job', '=', where.job!))
    .returning('payload')
    .execute();
  return dropped.some((row) => (JSON.parse(row.payload) as { fresh?: boolean }).fresh === true);
}

/** Have a job's card drawn again. */
export async function enqueueJobCard(
  q: Queries,
  chatId: number,
  job: string,
  now: number,
): Promise<void> {
  await dropWaitingCards(q, 'jobcard', { chatId, job }, now);
  await enqueue(q, { chatId, kind: 'jobcard', job }, now);
}

/** Take the first row of each lane that is due, for `lease` milliseconds. Replicas never take the same one. */
export async function claimDue(
  database: Database,
  options: { readonly now: number; readonly lease: number; readonly limit: number },
): Promise<OutboxRow[]> {
  const { now, lease, limit } = options;
  const by = randomUUID();
  return await database.db.transaction().execute(async (q) => {
    const due = await q
      .selectFrom('outbox as o')
      .select('o.id')
      .where('o.state', '=', 'pending')
      .where('o.next_at', '<=', now)
      .where('o.lease_until', '<=', now)
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('outbox as e')
              .select('e.id')
              .whereRef('e.lane', '=', 'o.lane')
              .where('e.state', '=', 'pending')
              .whereRef('e.id', '<', 'o.id'),
          ),
        ),
      )
      .orderBy('o.next_at')
      .orderBy('o.id')
      .limit(limit)
      .$if(database.engine === 'postgres', (qb) => qb.forUpdate().skipLocked())
      .execute();
    if (due.length === 0) return [];
    return await q
      .updateTable('outbox')
      .set((eb) => ({
        lease_until: now + lease,
        lease_by: by,
        attempts: eb('attempts', '+', 1),
        updated: now,
      }))
      .where(
        'id',
        'in',
        due.map((row) => row.id),
      )
      .returningAll()
      .execute();
  });
}

/**
 * At start on SQLite, which one process has to itself: whoever held a lease is gone, so nobody need wait for it to end.
 * Should another process be there after all, it notices that its lease is lost.
 */
export async function releaseAll(q: Queries): Promise<void> {
  await q
    .updateTable('outbox')
    .set({ lease_until: 0, lease_by: null })
    .where('state', '=', 'pending')
    .where('lease_until', '>', 0)
    .execute();
}

type Change = Partial<Omit<OutboxRow, 'id' | 'lease_by'>>;

/** Change a row that is still ours; false when the lease has passed to another. */
export async function updateLeased(q: Queries, row: OutboxRow, change: Change): Promise<boolean> {
  const done = await q
    .updateTable('outbox')
    .set(change)
    .where('id', '=', row.id)
    .where('lease_by', '=', row.lease_by)
    .where('state', '=', 'pending')
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

export async function settle(
  q: Queries,
  row: OutboxRow,
  state: 'sent' | 'dead',
  now: number,
  error: string | null = null,
): Promise<boolean> {
  return await updateLeased(q, row, { state, lease_until: 0, last_error: error, updated: now });
}

export async function postpone(
  q: Queries,
  row: OutboxRow,
  nextAt: number,
  error: string,
  now: number,
): Promise<boolean> {
  return await updateLeased(q, row, {
    next_at: nextAt,
    lease_until: 0,
    last_error: error,
    updated: now,
  });
}

/** How much waits, and since when the oldest. */
export async function backlog(q: Queries): Promise<{ pending: number; oldest: number | null }> {
  const row = await q
    .selectFrom('outbox')
    .select(({ fn }) => [fn.countAll<number>().as('pending'), fn.min('created').as('oldest')])
    .where('state', '=', 'pending')
    .executeTakeFirstOrThrow();
  return { pending: row.pending, oldest: row.oldest };
}
