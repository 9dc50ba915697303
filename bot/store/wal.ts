import { type FileHandle, open } from 'node:fs/promises';

/**
 * Puts what SQLite has committed on disk, off the main thread. With `synchronous = NORMAL` a commit survives a crash of
 * the process at once and a power cut after the next sync of the write-ahead log. Syncing it here, only where a promise
 * depends on it, and once for all who wait, keeps slow disks from holding up everybody on every commit.
 */
export class WalSync {
  readonly #path: string;
  #file: FileHandle | null = null;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** Resolves when everything committed before the call is on disk. */
  sync(): Promise<void> {
    // One that has not begun yet covers this call too.
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = null;
        this.#running = this.#sync();
        return this.#running;
      });
    return this.#next;
  }

  async close(): Promise<void> {
    await this.#next;
    await this.#file?.close();
    this.#file = null;
  }

  async #sync(): Promise<void> {
    // There since the first commit, and the same file until the database is closed.
    this.#file ??= await open(this.#path, 'r');
    await this.#file.sync();
  }
}
