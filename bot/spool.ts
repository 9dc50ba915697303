import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { JOB_LIMITS } from '../shared/job.ts';
import { HEADER_BYTES } from '../shared/pictures/size.ts';

/** An upload on its way in: complete, hashed and on disk. */
export interface Spooled {
  readonly path: string;
  readonly size: number;
  readonly sha: string;
  /** The first bytes, for looking at the picture's header. */
  readonly head: Buffer;
}

/** More came than is allowed. */
export class UploadTooLarge extends Error {
  override readonly name = 'UploadTooLarge';
  constructor() {
    super(`a result may have ${JOB_LIMITS.bytes} bytes: save it smaller or as JPEG`);
  }
}

/** A folder for uploads that are not complete yet; emptied at start. */
export class Spool {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** Remove what an earlier process left behind. */
  async clear(): Promise<void> {
    for (const name of await readdir(this.#folder)) await this.drop(join(this.#folder, name));
  }

  async drop(path: string): Promise<void> {
    await rm(path, { force: true });
  }

  /** Write a stream to disk, and do not come back before the disk has it. Nothing stays behind on failure. */
  async take(source: Readable, limit: number = JOB_LIMITS.bytes): Promise<Spooled> {
    const path = join(this.#folder, randomUUID());
    const hash = createHash('sha256');
    const head: Buffer[] = [];
    let size = 0;
    const file = await open(path, 'wx', 0o600);
    try {
      for await (const chunk of source as AsyncIterable<Buffer>) {
        if (size < HEADER_BYTES) head.push(chunk);
        size += chunk.length;
        if (size > limit) throw new UploadTooLarge();
        hash.update(chunk);
        await file.write(chunk);
      }
      await file.sync();
    } catch (error) {
      await file.close();
      await this.drop(path);
      throw error;
    }
    await file.close();
    return { path, size, sha: hash.digest('hex'), head: Buffer.concat(head) };
  }
}

/** A whole stream in memory; for what is known to be small enough. */
export async function readWhole(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Uint8Array>) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
