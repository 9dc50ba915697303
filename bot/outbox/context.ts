import type { Capabilities } from '../capabilities.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Blobs } from '../store/blobs.ts';
import type { Database } from '../store/database.ts';
import type { OutboxRow } from '../store/schema.ts';
import type { ChatPort } from '../chat/port.ts';
import type { Checkpoint } from './points.ts';

export interface OutboxTiming {
  /** How long a row is ours; longer than any one call to Telegram. */
  readonly lease: number;
  /** The first wait after a failure; doubled each time up to `longest`. */
  readonly retry: number;
  readonly longest: number;
  /** How often to look for rows that another replica wrote or whose time has come. */
  readonly poll: number;
  /** When to give up on a picture, and on talk. */
  readonly pictureLife: number;
  readonly talkLife: number;
}

export const OUTBOX_TIMING: OutboxTiming = {
  lease: 90_000,
  retry: 1_000,
  longest: 300_000,
  poll: 500,
  pictureLife: 7 * 86_400_000,
  talkLife: 86_400_000,
};

/** What bringing something into a chat needs. */
export interface OutboxContext {
  readonly database: Database;
  readonly blobs: Blobs;
  readonly port: ChatPort;
  readonly capabilities: Capabilities;
  readonly publicUrl: string;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => number;
  readonly at: Checkpoint;
  readonly timing: OutboxTiming;
}

/** The row went to another worker, or was deleted: leave it alone. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  constructor(row: OutboxRow) {
    super(`outbox row ${row.id} is no longer ours`);
  }
}
