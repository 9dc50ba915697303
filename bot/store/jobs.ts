import { UNFINISHED_STATES, type JobOptions, type JobState } from '../../shared/job.ts';
import type { Language } from '../../shared/languages.ts';
import type { Queries } from './database.ts';
import type { InputRow, JobRow, NewInput, ResultRow } from './schema.ts';

const HOUR = 3_600_000;
/** An unopened link lives a day; whoever opened it in time has a week more to bring the result. */
export const OPEN_FOR = 24 * HOUR;
export const UPLOAD_GRACE = 7 * 24 * HOUR;

/** The whole life of a job. A move that is not here does not happen. */
const MOVES = {
  claim: { from: UNFINISHED_STATES, to: 'claimed' },
  progress: { from: ['claimed', 'running'], to: 'running' },
  upload: { from: ['claimed', 'running', 'failed'], to: 'uploaded' },
  deliver: { from: ['uploaded'], to: 'delivered' },
  bury: { from: ['uploaded'], to: 'dead' },
  fail: { from: ['claimed', 'running'], to: 'failed' },
  cancel: { from: UNFINISHED_STATES, to: 'cancelled' },
  expire: { from: UNFINISHED_STATES, to: 'expired' },
} as const satisfies Record<string, { from: readonly JobState[]; to: JobState }>;

export type JobMove = keyof typeof MOVES;

export interface JobDraft {
  readonly id: string;
  readonly capSha: string;
  readonly chatId: number;
  readonly userId: number;
  readonly lang: Language;
  readonly options: JobOptions;
  readonly replyTo: number;
  readonly cardMid: number | null;
  readonly inputs: readonly Omit<NewInput, 'job' | 'idx'>[];
}

export async function createJob(q: Queries, job: JobDraft, now: number): Promise<void> {
  await q
    .insertInto('job')
    .values({
      id: job.id,
      cap_sha: job.capSha,
      chat_id: job.chatId,
      user_id: job.userId,
      lang: job.lang,
      options: JSON.stringify(job.options),
      state: 'open',
      reply_to: job.replyTo,
      card_mid: job.cardMid,
      percent: 0,
      stage: null,
      eta: null,
      shown_percent: 0,
      shown_at: now,
      fail_code: null,
      created: now,
      expires: now + OPEN_FOR,
      claimed_at: null,
      beat_at: null,
      updated: now,
    })
    .execute();
  await q
    .insertInto('input')
    .values(job.inputs.map((input, idx) => ({ ...input, job: job.id, idx })))
    .execute();
}

export async function findJob(q: Queries, id: string): Promise<JobRow | null> {
  const row = await q.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirst();
  return row ?? null;
}

export async function inputsOf(q: Queries, job: string): Promise<InputRow[]> {
  return await q.selectFrom('input').selectAll().where('job', '=', job).orderBy('idx').execute();
}

export async function resultOf(q: Queries, job: string): Promise<ResultRow | null> {
  const row = await q.selectFrom('result').selectAll().where('job', '=', job).executeTakeFirst();
  return row ?? null;
}

/** Jobs of a chat that still wait for their result. */
export async function openJobs(q: Queries, chatId: number): Promise<JobRow[]> {
  return await q
    .selectFrom('job')
    .selectAll()
    .where('chat_id', '=', chatId)
    .where('state', 'in', [...UNFINISHED_STATES])
    .orderBy('created')
    .execute();
}

/** Make a move in one statement; null when the job is not where the move starts. */
export async function moveJob(
  q: Queries,
  id: string,
  move: JobMove,
  now: number,
  patch: Partial<Pick<JobRow, 'percent' | 'stage' | 'eta' | 'fail_code' | 'expires'>> = {},
): Promise<JobRow | null> {
  const { from, to } = MOVES[move];
  const beat = move === 'claim' || move === 'progress' ? { beat_at: now } : {};
  const claimed = move === 'claim' ? { claimed_at: now } : {};
  const row = await q
    .updateTable('job')
    .set({ ...patch, ...beat, ...claimed, state: to, updated: now })
    .where('id', '=', id)
    .where('state', 'in', [...from])
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

/** Jobs whose time is over become expired; the caller tells their cards. */
export async function expireJobs(q: Queries, now: number): Promise<JobRow[]> {
  return await q
    .updateTable('job')
    .set({ state: 'expired', updated: now })
    .where('state', 'in', [...UNFINISHED_STATES])
    .where('expires', '<=', now)
    .returningAll()
    .execute();
}

export function optionsOf(job: JobRow): JobOptions {
  return JSON.parse(job.options) as JobOptions;
}
