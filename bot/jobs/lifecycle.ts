import {
  isLost,
  isUnfinished,
  PAUSED_AFTER,
  type ClaimBody,
  type FailBody,
  type JobView,
  type ProgressBody,
} from '../../shared/job.ts';
import { ApiError } from '../errors.ts';
import type { Database } from '../store/database.ts';
import { OPEN_FOR, UPLOAD_GRACE, inputsOf, moveJob, optionsOf } from '../store/jobs.ts';
import { enqueueJobCard } from '../store/outbox.ts';
import type { JobRow } from '../store/schema.ts';
import { readInitData } from '../telegram/initdata.ts';

/** How often, and at what steps, a card shows progress: Telegram allows about one edit a second for a whole chat. */
const SHOW_EVERY = 10_000;
const SHOW_STEP = 10;

export interface LifecycleOptions {
  readonly database: Database;
  readonly botToken: string;
  readonly now: () => number;
  readonly posted: () => void;
}

/** The job is past this: with the right key, 410 may say so. */
export function over(): ApiError {
  return new ApiError(410, 'job_over', 'This job is over. Ask the bot for a new link.');
}

/** What a page does with its job, short of the result. */
export class Lifecycle {
  readonly #o: LifecycleOptions;

  constructor(options: LifecycleOptions) {
    this.#o = options;
  }

  async view(job: JobRow): Promise<JobView> {
    const inputs = await inputsOf(this.#o.database.db, job.id);
    return {
      id: job.id,
      state: this.expired(job) ? 'expired' : job.state,
      options: optionsOf(job),
      inputs: inputs.map((input) => ({
        index: input.idx,
        role: input.role,
        type: input.mime,
        bytes: input.size,
      })),
      lang: job.lang,
      expires: job.expires,
    };
  }

  /** The sweep marks it a little later. */
  expired(job: JobRow): boolean {
    return isUnfinished(job.state) && job.expires <= this.#o.now();
  }

  /** Refuse what comes too late or, for a result, too early. */
  requireLive(job: JobRow): void {
    if (isLost(job.state) || this.expired(job)) throw over();
  }

  async claim(job: JobRow, body: ClaimBody): Promise<JobView> {
    this.requireLive(job);
    if (job.state === 'delivered') throw over();
    const now = this.#o.now();
    if (body.initData !== undefined) {
      const person = readInitData(body.initData, this.#o.botToken, now);
      if (person !== job.user_id) {
        throw new ApiError(403, 'not_yours', 'This picture belongs to somebody else.');
      }
    }
    const patch = { expires: job.created + OPEN_FOR + UPLOAD_GRACE, fail_code: null };
    const claimed = await this.#move(job, 'claim', patch);
    return await this.view(claimed);
  }

  async progress(job: JobRow, body: ProgressBody): Promise<void> {
    this.requireLive(job);
    const now = this.#o.now();
    const percent = Math.round(body.percent);
    const patch = {
      percent,
      stage: body.stage ?? null,
      eta: body.eta === undefined ? null : Math.round(body.eta),
    };
    const { db } = this.#o.database;
    const shown = await db.transaction().execute(async (q) => {
      const moved = await moveJob(q, job.id, 'progress', now, patch);
      if (moved === null) throw notNow();
      const due =
        now - moved.shown_at >= SHOW_EVERY && Math.abs(percent - moved.shown_percent) >= SHOW_STEP;
      // The card says that the page has gone quiet: that is no longer so.
      const back = now - (job.beat_at ?? now) >= PAUSED_AFTER;
      if (!due && !back && job.state === 'running') return false;
      await q
        .updateTable('job')
        .set({ shown_percent: percent, shown_at: now })
        .where('id', '=', job.id)
        .execute();
      await enqueueJobCard(q, job.chat_id, job.id, now);
      return true;
    });
    if (shown) this.#o.posted();
  }

  async fail(job: JobRow, body: FailBody): Promise<void> {
    this.requireLive(job);
    await this.#move(job, 'fail', { fail_code: body.code });
  }

  async cancel(job: JobRow): Promise<void> {
    if (job.state === 'cancelled') return;
    this.requireLive(job);
    await this.#move(job, 'cancel');
  }

  async #move(
    job: JobRow,
    move: 'claim' | 'fail' | 'cancel',
    patch: Partial<Pick<JobRow, 'expires' | 'fail_code'>> = {},
  ): Promise<JobRow> {
    const now = this.#o.now();
    const moved = await this.#o.database.db.transaction().execute(async (q) => {
      const row = await moveJob(q, job.id, move, now, patch);
      if (row === null) throw notNow();
      if (row.state !== job.state) await enqueueJobCard(q, job.chat_id, job.id, now);
      return row;
    });
    this.#o.posted();
    return moved;
  }
}

function notNow(): ApiError {
  return new ApiError(409, 'wrong_state', 'The job is not at this point: read its state again.');
}
