import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { Cluster, postgresPrograms } from './postgres.ts';

/** Where a test keeps its data: a folder, and an address on PostgreSQL. */
export interface Place {
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  /** Give it back before the end: hundreds of databases are gigabytes. */
  release(): Promise<void>;
}

/** Run one suite on SQLite and on a real PostgreSQL. `newPlace` gives an empty database each time. */
export function describeEngines(
  title: string,
  suite: (newPlace: () => Promise<Place>, engine: 'SQLite' | 'PostgreSQL') => void,
): void {
  describe(`${title} on SQLite`, () => {
    const folders: string[] = [];
    afterAll(() => removeAll(folders));
    const newPlace = () => {
      const dataDir = newFolder(folders);
      const release = () => {
        removeAll([dataDir]);
        return Promise.resolve();
      };
      return Promise.resolve({ dataDir, databaseUrl: null, release });
    };
    suite(newPlace, 'SQLite');
  });
  describePostgres(title, (newPlace) => suite(newPlace, 'PostgreSQL'));
}

/** A suite for PostgreSQL alone. Without the server installed it is reported as skipped. */
export function describePostgres(
  title: string,
  suite: (newPlace: () => Promise<Place>) => void,
): void {
  const missing = postgresPrograms() === null;
  const why = missing ? ' (PostgreSQL is not installed: skipped)' : '';
  describe.skipIf(missing)(`${title} on PostgreSQL${why}`, () => {
    const folders: string[] = [];
    let cluster: Cluster;
    beforeAll(async () => {
      cluster = await Cluster.start();
    }, 60_000);
    afterAll(async () => {
      await cluster.stop();
      removeAll(folders);
    });
    suite(async () => {
      const databaseUrl = await cluster.database();
      const dataDir = newFolder(folders);
      const release = async () => {
        await cluster.drop(databaseUrl);
        removeAll([dataDir]);
      };
      return { dataDir, databaseUrl, release };
    });
  });
}

/** Tests kill processes, not machines: where there is a disk in memory, it will do, and commits cost nothing there. */
const FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

function newFolder(folders: string[]): string {
  const folder = mkdtempSync(join(FOLDER, 'restyle-data-'));
  folders.push(folder);
  return folder;
}

function removeAll(folders: readonly string[]): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
