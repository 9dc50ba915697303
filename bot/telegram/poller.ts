import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { backoff } from '../../shared/backoff.ts';
import type { Logger } from '../log.ts';
import type { TelegrafPort } from './telegraf.ts';
import { ALLOWED_UPDATES } from './updates.ts';

/** Seconds that Telegram holds the line open. */
const HOLD = 25;
/** An update that fails so often is a fault of ours; it must not keep the others from coming. */
const TRIES = 6;
/** Milliseconds between tries while Telegram is away. */
export const LONGEST_WAIT = 30_000;

const Updates = v.array(v.looseObject({ update_id: v.number() }));
type Update = v.InferOutput<typeof Updates>[number];

export interface PollerOptions {
  readonly port: TelegrafPort;
  readonly handle: (update: unknown) => Promise<void>;
  readonly log: Logger;
  /** The first wait after a failure, in milliseconds. */
  readonly retry: number;
}

/**
 * Long polling. Telegraf's own confirms updates whose handler failed and holds up everybody for one slow handler; here
 * an update is confirmed only after its transaction, chats wait for nobody else, and no failure ends the polling.
 */
export class Poller {
  readonly #o: PollerOptions;
  readonly #tries = new Map<number, number>();
  readonly #quit = new AbortController();
  #loop: Promise<void> | null = null;
  #offset = 0;

  constructor(options: PollerOptions) {
    this.#o = options;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Ends after the batch in hand; the caller breaks off the call that waits. */
  async stop(): Promise<void> {
    this.#quit.abort();
    await this.#loop;
  }

  #isStopping(): boolean {
    return this.#quit.signal.aborted;
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#isStopping()) {
      try {
        const batch = await this.#fetch();
        const done = await this.#handle(batch);
        failures = done ? 0 : failures + 1;
      } catch (error) {
        if (this.#isStopping()) return;
        failures += 1;
        this.#o.log.warn({ err: error }, 'updates cannot be fetched');
      }
      if (failures > 0) await this.#pause(failures);
    }
  }

  async #fetch(): Promise<Update[]> {
    const payload = { offset: this.#offset, timeout: HOLD, allowed_updates: ALLOWED_UPDATES };
    return await this.#o.port.call('getUpdates', payload, Updates, (HOLD + 10) * 1000);
  }

  /** Chats side by side, one chat in order. False when something has to come again. */
  async #handle(batch: readonly Update[]): Promise<boolean> {
    const chats = new Map<string, Update[]>();
    for (const update of batch) {
      const chat = chatOf(update);
      chats.set(chat, [...(chats.get(chat) ?? []), update]);
    }
    const done = await Promise.all([...chats.values()].map((updates) => this.#inOrder(updates)));
    if (done.includes(false)) return false;
    const last = batch.at(-1);
    if (last !== undefined) this.#offset = last.update_id + 1;
    this.#tries.clear();
    return true;
  }

  async #inOrder(updates: readonly Update[]): Promise<boolean> {
    for (const update of updates) {
      try {
        await this.#o.handle(update);
      } catch (error) {
        const tries = (this.#tries.get(update.update_id) ?? 0) + 1;
        this.#tries.set(update.update_id, tries);
        const given = tries >= TRIES ? 'update given up' : 'update failed, it comes again';
        this.#o.log.error({ err: error, update: update.update_id, tries }, given);
        if (tries < TRIES) return false;
      }
    }
    return true;
  }

  async #pause(failures: number): Promise<void> {
    const wait = backoff(failures, this.#o.retry, LONGEST_WAIT);
    await sleep(wait, undefined, { signal: this.#quit.signal }).catch(() => undefined);
  }
}

function chatOf(update: Update): string {
  const chat = /"chat":\{"id":(-?\d+)/.exec(JSON.stringify(update));
  return chat?.[1] ?? 'none';
}
