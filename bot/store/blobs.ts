import { mkdirSync } from 'node:fs';
import { open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database, Queries } from './database.ts';

/** Results between their upload and their delivery. */
export interface Blobs {
  /** Make an uploaded file (already on disk) lasting; what comes back is run in the commit that mentions it. */
  stage(key: string, spooled: string): Promise<(q: Queries) => Promise<void>>;
  read(key: string): Promise<Buffer | null>;
  remove(key: string): Promise<void>;
  /** Names of what is kept and was written before then. */
  list(before: number): Promise<string[]>;
}

/** The name carries the hash: a second, different upload never overwrites the first. */
export function blobKey(job: string, sha: string): string {
  return `${job}-${sha.slice(0, 16)}`;
}

/** Files in a folder; for one replica, or for several that share the folder. */
export class DiskBlobs implements Blobs {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  async stage(key: string, spooled: string): Promise<() => Promise<void>> {
    await rename(spooled, join(this.#folder, key));
    // The new name is on disk only when the folder is.
    const folder = await open(this.#folder);
    await folder.sync().finally(() => folder.close());
    return () => Promise.resolve();
  }

  async read(key: string): Promise<Buffer | null> {
    try {
      return await readFile(join(this.#folder, key));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    await rm(join(this.#folder, key), { force: true });
  }

  async list(before: number): Promise<string[]> {
    const old: string[] = [];
    for (const name of await readdir(this.#folder)) {
      const about = await stat(join(this.#folder, name)).catch(() => null);
      if (about !== null && about.mtimeMs < before) old.push(name);
    }
    return old;
  }
}

/** Rows of the database: several replicas need to share nothing else. */
export class TableBlobs implements Blobs {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async stage(key: string, spooled: string): Promise<(q: Queries) => Promise<void>> {
    const bytes = await readFile(spooled);
    return async (q) => {
      await q
        .insertInto('blob')
        .values({ key, bytes })
        .onConflict((c) => c.column('key').doNothing())
        .execute();
    };
  }

  async read(key: string): Promise<Buffer | null> {
    const row = await this.#database.db
      .selectFrom('blob')
      .select('bytes')
      .where('key', '=', key)
      .executeTakeFirst();
    return row === undefined ? null : Buffer.from(row.bytes);
  }

  async remove(key: string): Promise<void> {
    await this.#database.db.deleteFrom('blob').where('key', '=', key).execute();
  }

  async list(): Promise<string[]> {
    // Written in the commit that mentions them, so none is ever on its way in.
    const rows = await this.#database.db.selectFrom('blob').select('key').execute();
    return rows.map((row) => row.key);
  }
}
