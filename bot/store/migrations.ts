import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import type { Tables } from './schema.ts';

export type Engine = 'sqlite' | 'postgres';

type Schema = Kysely<unknown>;

async function createChats(db: Schema): Promise<void> {
  await db.schema
    .createTable('chat')
    .addColumn('chat_id', 'bigint', (c) => c.primaryKey())
    .addColumn('user_id', 'bigint', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('card_mid', 'bigint')
    .addColumn('wake_at', 'bigint')
    .addColumn('blocked', 'integer', (c) => c.notNull())
    .addColumn('updated', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('chat_wake').on('chat').column('wake_at').execute();
  await db.schema
    .createTable('seen')
    .addColumn('update_id', 'bigint', (c) => c.primaryKey())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .execute();
}

async function createJobs(db: Schema): Promise<void> {
  await db.schema
    .createTable('job')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('cap_sha', 'text', (c) => c.notNull())
    .addColumn('chat_id', 'bigint', (c) => c.notNull())
    .addColumn('user_id', 'bigint', (c) => c.notNull())
    .addColumn('lang', 'text', (c) => c.notNull())
    .addColumn('options', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('reply_to', 'bigint', (c) => c.notNull())
    .addColumn('card_mid', 'bigint')
    .addColumn('percent', 'integer', (c) => c.notNull())
    .addColumn('stage', 'text')
    .addColumn('eta', 'integer')
    .addColumn('shown_percent', 'integer', (c) => c.notNull())
    .addColumn('shown_at', 'bigint', (c) => c.notNull())
    .addColumn('fail_code', 'text')
    .addColumn('created', 'bigint', (c) => c.notNull())
    .addColumn('expires', 'bigint', (c) => c.notNull())
    .addColumn('claimed_at', 'bigint')
    .addColumn('beat_at', 'bigint')
    .addColumn('updated', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('job_chat').on('job').columns(['chat_id', 'state']).execute();
  await db.schema.createIndex('job_expiry').on('job').columns(['state', 'expires']).execute();
  await db.schema
    .createTable('input')
    .addColumn('job', 'text', (c) => c.notNull().references('job.id').onDelete('cascade'))
    .addColumn('idx', 'integer', (c) => c.notNull())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('file_id', 'text', (c) => c.notNull())
    .addColumn('mime', 'text', (c) => c.notNull())
    .addColumn('size', 'bigint')
    .addPrimaryKeyConstraint('input_key', ['job', 'idx'])
    .execute();
}

async function createResults(db: Schema, engine: Engine): Promise<void> {
  await db.schema
    .createTable('result')
    .addColumn('job', 'text', (c) => c.primaryKey().references('job.id').onDelete('cascade'))
    .addColumn('sha', 'text', (c) => c.notNull())
    .addColumn('mime', 'text', (c) => c.notNull())
    .addColumn('size', 'bigint', (c) => c.notNull())
    .addColumn('width', 'integer', (c) => c.notNull())
    .addColumn('height', 'integer', (c) => c.notNull())
    .addColumn('file_id', 'text')
    .addColumn('accepted_at', 'bigint', (c) => c.notNull())
    .addColumn('delivered_at', 'bigint')
    .execute();
  await db.schema
    .createTable('blob')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('bytes', engine === 'postgres' ? 'bytea' : 'blob', (c) => c.notNull())
    .execute();
}

async function createOutbox(db: Schema, engine: Engine): Promise<void> {
  await db.schema
    .createTable('outbox')
    .addColumn('id', engine === 'postgres' ? 'bigserial' : 'integer', (c) =>
      engine === 'postgres' ? c.primaryKey() : c.primaryKey().autoIncrement(),
    )
    .addColumn('lane', 'text', (c) => c.notNull())
    .addColumn('chat_id', 'bigint', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('job', 'text')
    .addColumn('payload', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('holder_mid', 'bigint')
    .addColumn('holders', 'integer', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('next_at', 'bigint', (c) => c.notNull())
    .addColumn('lease_until', 'bigint', (c) => c.notNull())
    .addColumn('lease_by', 'text')
    .addColumn('last_error', 'text')
    .addColumn('created', 'bigint', (c) => c.notNull())
    .addColumn('updated', 'bigint', (c) => c.notNull())
    .execute();
  const pending = sql<boolean>`state = 'pending'`;
  await db.schema
    .createIndex('outbox_due')
    .on('outbox')
    .columns(['next_at', 'id'])
    .where(pending)
    .execute();
  await db.schema
    .createIndex('outbox_lane')
    .on('outbox')
    .columns(['lane', 'id'])
    .where(pending)
    .execute();
  await db.schema.createIndex('outbox_chat').on('outbox').column('chat_id').execute();
}

/** Names are for ever: a change of the schema is a new entry at the end. */
function migrations(engine: Engine): Record<string, Migration> {
  return {
    '001_first': {
      async up(db: Schema) {
        await createChats(db);
        await createJobs(db);
        await createResults(db, engine);
        await createOutbox(db, engine);
      },
    },
  };
}

/** Bring the schema up to date. Kysely holds an advisory lock meanwhile, so replicas may start together. */
export async function migrate(db: Kysely<Tables>, engine: Engine): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations(engine)) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error instanceof Error ? error : new Error('migration failed');
}
