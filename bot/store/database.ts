import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, PostgresDialect, SqliteDialect, type Transaction } from 'kysely';
import Libsql from 'libsql';
import pg from 'pg';
import { type Engine, migrate } from './migrations.ts';
import type { Tables } from './schema.ts';
import { WalSync } from './wal.ts';

export interface Database {
  readonly db: Kysely<Tables>;
  readonly engine: Engine;
  /** Resolves when everything committed so far survives even a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Either the database or a transaction on it. */
export type Queries = Kysely<Tables> | Transaction<Tables>;

/** Open PostgreSQL where an address is given, else the one file in the data folder, and migrate it. */
export async function openDatabase(options: {
  readonly databaseUrl: string | null;
  readonly dataDir: string;
}): Promise<Database> {
  const database =
    options.databaseUrl === null ? openSqlite(options.dataDir) : openPostgres(options.databaseUrl);
  try {
    await migrate(database.db, database.engine);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

function openSqlite(dataDir: string): Database {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'restyle.db');
  const file = new Libsql(path);
  file.pragma('journal_mode = WAL');
  // Where a promise depends on the disk, sync() is called; see wal.ts.
  file.pragma('synchronous = NORMAL');
  file.pragma('busy_timeout = 5000');
  file.pragma('foreign_keys = ON');
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: file }) });
  const wal = new WalSync(`${path}-wal`);
  return {
    db,
    engine: 'sqlite',
    sync: () => wal.sync(),
    async close() {
      await wal.close();
      await db.destroy();
    },
  };
}

function openPostgres(address: string): Database {
  const types = new pg.TypeOverrides();
  // bigint: our ids and times stay below 2^53, and Telegram promises 52 bits for its own.
  types.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({
    connectionString: address,
    max: 10,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
    types,
  });
  // A lost connection fails its query, or is replaced on the next one; without listeners it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  // Its commits wait for the disk themselves.
  return { db, engine: 'postgres', sync: () => Promise.resolve(), close: () => db.destroy() };
}
