import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import type { Metrics } from '../metrics.ts';
import { sameSecret } from '../secrets.ts';
import type { Database } from '../store/database.ts';
import { backlog } from '../store/outbox.ts';
import { notFound } from './errors.ts';

export interface OpsOptions {
  readonly database: Database;
  readonly metrics: Metrics;
  readonly metricsToken: string | null;
  /** The bot's name, once Telegram has answered. */
  readonly botName: () => string | undefined;
  readonly stopping: () => boolean;
}

/** For those who keep it running: is the process well, may it get traffic, what does it do. */
export function addOps(app: FastifyInstance, o: OpsOptions): void {
  app.get('/healthz', async (_request, reply) => {
    const database = await answers(o.database);
    return reply.code(database ? 200 : 503).send({ database });
  });
  // Not ready without a database or when about to stop. Telegram's absence is no reason: uploads are still taken.
  app.get('/readyz', async (_request, reply) => {
    const database = await answers(o.database);
    const ready = database && !o.stopping();
    const waiting = database ? await backlog(o.database.db) : null;
    return reply.code(ready ? 200 : 503).send({
      database,
      telegram: o.botName() !== undefined,
      stopping: o.stopping(),
      outbox: waiting?.pending ?? null,
    });
  });
  app.get('/metrics', async (request, reply) => {
    if (!mayRead(request.headers.authorization, o.metricsToken)) throw notFound();
    return reply.type(o.metrics.registry.contentType).send(await o.metrics.registry.metrics());
  });
}

async function answers(database: Database): Promise<boolean> {
  try {
    await sql`select 1`.execute(database.db);
    return true;
  } catch {
    return false;
  }
}

function mayRead(header: string | undefined, token: string | null): boolean {
  if (token === null || header === undefined) return false;
  return sameSecret(header, `Bearer ${token}`);
}
