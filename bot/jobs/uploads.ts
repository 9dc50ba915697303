import type { Readable } from 'node:stream';
import { JOB_LIMITS } from '../../shared/job.ts';
import { ApiError } from '../errors.ts';
import { type ImageHeader, readImageHeader } from '../images.ts';
import type { Checkpoint } from '../outbox/points.ts';
import { Semaphore } from '../semaphore.ts';
import type { Spool, Spooled } from '../spool.ts';
import { type Blobs, blobKey } from '../store/blobs.ts';
import type { Database, Queries } from '../store/database.ts';
import { moveJob, resultOf } from '../store/jobs.ts';
import { enqueue, enqueueJobCard } from '../store/outbox.ts';
import type { JobRow } from '../store/schema.ts';
import { over } from './lifecycle.ts';

/** Uploads on their way in at a time, over all; each costs a file and a little memory. */
const MOST = 256;
/** Results being committed at a time; on PostgreSQL each is in memory then. */
const COMMITS = 4;

export interface UploadOptions {
  readonly database: Database;
  readonly blobs: Blobs;
  readonly spool: Spool;
  readonly now: () => number;
  readonly at: Checkpoint;
  readonly posted: () => void;
}

/** Takes results in. Once it says `accepted`, the picture is on disk and its delivery is in the database. */
export class Uploads {
  readonly #o: UploadOptions;
  readonly #commits = new Semaphore(COMMITS);
  readonly #busy = new Set<string>();

  constructor(options: UploadOptions) {
    this.#o = options;
  }

  async take(job: JobRow, type: string, source: Readable): Promise<'accepted' | 'repeated'> {
    if (this.#busy.size >= MOST) {
      throw new ApiError(503, 'busy', 'Many pictures are coming in. Try again.', 5);
    }
    if (this.#busy.has(job.id)) {
      throw new ApiError(429, 'uploading', 'This result is being sent already.', 2);
    }
    this.#busy.add(job.id);
    try {
      return await this.#take(job, type, source);
    } finally {
      this.#busy.delete(job.id);
    }
  }

  async #take(job: JobRow, type: string, source: Readable): Promise<'accepted' | 'repeated'> {
    const { spool, at, database } = this.#o;
    const spooled = await spool.take(source);
    at('upload:synced');
    try {
      const header = check(spooled, type);
      const repeated = await this.#repeats(database.db, job, spooled.sha);
      if (repeated) return 'repeated';
      return await this.#commits.run(() => this.#commit(job, spooled, header));
    } finally {
      await spool.drop(spooled.path);
    }
  }

  async #commit(
    job: JobRow,
    spooled: Spooled,
    header: ImageHeader,
  ): Promise<'accepted' | 'repeated'> {
    const { database, blobs, at, posted } = this.#o;
    const key = blobKey(job.id, spooled.sha);
    const keep = await blobs.stage(key, spooled.path);
    at('upload:staged');
    const outcome = await database.db.transaction().execute(async (q) => {
      const now = this.#o.now();
      const moved = await moveJob(q, job.id, 'upload', now);
      // Somebody was faster: the page's other half, a cancel, the end of its time.
      if (moved === null) return (await this.#repeats(q, job, spooled.sha)) ? 'repeated' : 'over';
      await keep(q);
      await q
        .insertInto('result')
        .values({
          job: job.id,
          sha: spooled.sha,
          mime: header.type,
          size: spooled.size,
          width: header.width,
          height: header.height,
          file_id: null,
          accepted_at: now,
          delivered_at: null,
        })
        .execute();
      await enqueue(q, { chatId: job.chat_id, kind: 'picture', job: job.id }, now);
      await enqueueJobCard(q, job.chat_id, job.id, now);
      at('upload:recorded');
      return 'accepted';
    });
    if (outcome === 'over') {
      await blobs.remove(key);
      throw over();
    }
    await database.sync();
    at('upload:committed');
    posted();
    return outcome;
  }

  /** The same picture again is welcome, another one is not. */
  async #repeats(q: Queries, job: JobRow, sha: string): Promise<boolean> {
    const known = await resultOf(q, job.id);
    if (known === null) return false;
    if (known.sha === sha) return true;
    throw new ApiError(409, 'other_result', 'This job has its result already.');
  }
}

/** What the bytes are counts, and it has to be what the request says. */
function check(spooled: Spooled, type: string): ImageHeader {
  const header = readImageHeader(spooled.head);
  if (header?.type !== type) {
    throw new ApiError(415, 'bad_type', 'A result is a PNG, JPEG or WebP, sent as what it is.');
  }
  const { width, height } = header;
  const { side, pixels } = JOB_LIMITS;
  if (width > side || height > side || width * height > pixels) {
    throw new ApiError(413, 'too_large', `A result may have ${pixels / 1e6} megapixels.`);
  }
  return header;
}
