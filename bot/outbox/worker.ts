import { backoff } from '../../shared/backoff.ts';
import {
  ChatBlocked,
  MessageGone,
  TelegramMisconfigured,
  TelegramRefused,
  TelegramSlowDown,
} from '../errors.ts';
import { revokeChat } from '../store/forget.ts';
import { moveJob } from '../store/jobs.ts';
import { claimDue, enqueueJobCard, postpone, settle } from '../store/outbox.ts';
import type { OutboxKind, OutboxRow } from '../store/schema.ts';
import { LeaseLost, type OutboxContext } from './context.ts';
import { deliverPicture } from './deliver.ts';
import { postCard, postJobCard, postText } from './talk.ts';

/** Calls to Telegram at a time, and so pictures in memory. */
const MOST = 8;

const POST: Readonly<
  Record<OutboxKind, (context: OutboxContext, row: OutboxRow) => Promise<void>>
> = { say: postText, card: postCard, jobcard: postJobCard, picture: deliverPicture };

/** Takes what is due out of the outbox and brings it into the chats, until stopped. */
export class OutboxWorker {
  readonly #context: OutboxContext;
  readonly #active = new Set<Promise<void>>();
  #stopped = false;
  #loop: Promise<void> | null = null;
  #rouse: (() => void) | null = null;
  #roused = false;

  constructor(context: OutboxContext) {
    this.#context = context;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Something new has been committed. */
  wake(): void {
    this.#roused = true;
    this.#rouse?.();
  }

  /** Take nothing new and wait for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.wake();
    await this.#loop;
    await Promise.all(this.#active);
  }

  async #run(): Promise<void> {
    const { database, timing, now, log } = this.#context;
    while (!this.#stopped) {
      this.#roused = false;
      try {
        const limit = MOST - this.#active.size;
        const rows =
          limit > 0 ? await claimDue(database, { now: now(), lease: timing.lease, limit }) : [];
        for (const row of rows) this.#launch(row);
        if (rows.length === limit && limit > 0) continue;
      } catch (error) {
        log.error({ err: error }, 'outbox cannot be read');
      }
      await this.#rest(timing.poll);
    }
  }

  #launch(row: OutboxRow): void {
    const task = this.#attempt(row).finally(() => {
      this.#active.delete(task);
      // The next row of this lane may go now.
      this.wake();
    });
    this.#active.add(task);
  }

  async #rest(longest: number): Promise<void> {
    if (this.#roused) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, longest);
      this.#rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#rouse = null;
  }

  async #attempt(row: OutboxRow): Promise<void> {
    const { metrics, log } = this.#context;
    try {
      await POST[row.kind](this.#context, row);
      metrics.posts.inc({ kind: row.kind, outcome: 'sent' });
    } catch (error) {
      if (error instanceof LeaseLost) return;
      const outcome = await this.#fail(row, error).catch((worse: unknown) => {
        // The lease runs out and the row comes again.
        log.error({ err: worse, row: row.id }, 'failure not recorded');
        return 'retry' as const;
      });
      metrics.posts.inc({ kind: row.kind, outcome });
      const level = outcome === 'dead' ? 'error' : 'warn';
      log[level]({ err: error, row: row.id, kind: row.kind, tries: row.attempts }, outcome);
    }
  }

  async #fail(row: OutboxRow, error: unknown): Promise<'retry' | 'dead'> {
    const { database, blobs, timing } = this.#context;
    const now = this.#context.now();
    const why = error instanceof Error ? error.message : 'unknown';
    if (error instanceof ChatBlocked) {
      const orphans = await database.db
        .transaction()
        .execute((q) => revokeChat(q, row.chat_id, now));
      for (const key of orphans) await blobs.remove(key);
      return 'dead';
    }
    const life = row.kind === 'picture' ? timing.pictureLife : timing.talkLife;
    const hopeless = error instanceof TelegramRefused || error instanceof MessageGone;
    if (hopeless || now - row.created > life) {
      await this.#bury(row, why, now);
      return 'dead';
    }
    await postpone(database.db, row, now + this.#wait(row, error), why, now);
    return 'retry';
  }

  #wait(row: OutboxRow, error: unknown): number {
    const { retry, longest } = this.#context.timing;
    if (error instanceof TelegramSlowDown) return error.seconds * 1000;
    if (error instanceof TelegramMisconfigured) return longest;
    const doubled = backoff(row.attempts, retry, longest);
    // Up to a fifth more, so that rows that failed together do not all come back together.
    return Math.round(doubled * (1 + Math.random() / 5));
  }

  /** A dead letter. The job's card says so; the file stays until the retention sweep. */
  async #bury(row: OutboxRow, why: string, now: number): Promise<void> {
    await this.#context.database.db.transaction().execute(async (q) => {
      if (!(await settle(q, row, 'dead', now, why))) return;
      if (row.kind !== 'picture' || row.job === null) return;
      const buried = await moveJob(q, row.job, 'bury', now);
      if (buried !== null) await enqueueJobCard(q, row.chat_id, row.job, now);
    });
  }
}
