import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Capabilities } from './capabilities.ts';
import type { BridgeConfig } from './config.ts';
import { RATE_LIMITS, type RateLimits } from './http/auth.ts';
import { HOOK_PATH, addHook, hookSecret } from './http/hook.ts';
import { addJobRoutes } from './http/jobs.ts';
import { Lifecycle } from './jobs/lifecycle.ts';
import { addOps } from './http/ops.ts';
import { Uploads } from './jobs/uploads.ts';
import type { Logger } from './log.ts';
import { Metrics } from './metrics.ts';
import { OUTBOX_TIMING, type OutboxTiming } from './outbox/context.ts';
import type { Checkpoint } from './outbox/points.ts';
import { OutboxWorker } from './outbox/worker.ts';
import { Spool } from './spool.ts';
import { DiskBlobs, TableBlobs } from './store/blobs.ts';
import { openDatabase } from './store/database.ts';
import { releaseAll } from './store/outbox.ts';
import { type SweepOptions, type Swept, sweep } from './store/sweep.ts';
import { Connection } from './telegram/connect.ts';
import { Conversation } from './conversation/conversation.ts';
import { TelegrafPort } from './telegram/telegraf.ts';

/** How long one call to Telegram may take, and how long a stop waits for what is under way. */
const CALL = 60_000;
const DRAIN = 10_000;
const TICK = 200;
const SWEEP = 60_000;

export interface BridgeOptions {
  readonly config: BridgeConfig;
  readonly log: Logger;
  /** For tests. */
  readonly timing?: Partial<OutboxTiming>;
  readonly limits?: RateLimits;
  readonly at?: Checkpoint;
  readonly now?: () => number;
  readonly callTimeout?: number;
}

/** The Telegram half, put together. */
export interface Bridge {
  /** Add API, webhook and operations to a server that does not listen yet. */
  attach(app: FastifyInstance): Promise<void>;
  /** Begin to talk with Telegram; call when the server listens. */
  start(): void;
  /** Say that this replica is about to go; traffic may still come. */
  retire(): void;
  /** Finish what is under way, lose nothing; call when the server no longer listens. */
  stop(): Promise<void>;
  sweep(): Promise<Swept>;
}

export async function createBridge(options: BridgeOptions): Promise<Bridge> {
  const { config, log } = options;
  const now = options.now ?? Date.now;
  const at: Checkpoint = options.at ?? (() => undefined);
  const timing = { ...OUTBOX_TIMING, ...options.timing };
  const database = await openDatabase(config);
  const blobs =
    database.engine === 'postgres'
      ? new TableBlobs(database)
      : new DiskBlobs(join(config.dataDir, 'results'));
  const spool = new Spool(join(config.dataDir, 'incoming'));
  await spool.clear();
  if (database.engine === 'sqlite') await releaseAll(database.db);
  const metrics = new Metrics(database);
  const capabilities = new Capabilities(config.botToken);
  const port = new TelegrafPort({ ...config, callTimeout: options.callTimeout ?? CALL });
  const { publicUrl, retentionDays, botToken } = config;
  const context = { database, blobs, port, capabilities, publicUrl, metrics, log, now, at, timing };
  const worker = new OutboxWorker(context);
  const posted = () => worker.wake();
  const botName = (): string | undefined => connection.botName;
  const common = { database, now, posted };
  const conversation = new Conversation({
    ...common,
    blobs,
    port,
    capabilities,
    retentionDays,
    botName,
    log,
  });
  port.bot.use(async (telegraf) => {
    const outcome = await conversation.update(telegraf.update);
    metrics.updates.inc({ outcome });
  });
  port.bot.catch((error) => {
    throw error;
  });
  const handle = createHandler(port, metrics);
  const secret = hookSecret(botToken);
  const hook = publicUrl.startsWith('https:') ? { url: publicUrl + HOOK_PATH, secret } : null;
  const connection = new Connection({ port, hook, handle, log, retry: timing.retry });
  const lifecycle = new Lifecycle({ ...common, botToken });
  const uploads = new Uploads({ ...common, blobs, spool, at });
  const limits = options.limits ?? RATE_LIMITS;
  const clock = createClock(conversation, { database, blobs, retentionDays, now }, log, posted);
  let stopping = false;
  return {
    async attach(app) {
      await addJobRoutes(app, { database, port, lifecycle, uploads, limits, metrics });
      await addHook(app, secret, handle);
      const { metricsToken } = config;
      addOps(app, { database, metrics, metricsToken, botName, stopping: () => stopping });
    },
    start() {
      connection.start();
      worker.start();
      clock.start();
    },
    retire() {
      stopping = true;
    },
    async stop() {
      stopping = true;
      await clock.stop();
      // Calls that outlast the drain are broken off; what they were about is still in the outbox.
      const limit = setTimeout(() => port.abort(), DRAIN);
      const drained = worker.stop();
      port.abortPolling();
      await Promise.all([connection.stop(), drained]);
      clearTimeout(limit);
      await database.close();
    },
    sweep: clock.sweep,
  };
}

/** Hand an update to Telegraf, unless it is nothing that Telegram would send. */
function createHandler(port: TelegrafPort, metrics: Metrics): (update: unknown) => Promise<void> {
  return async (update) => {
    const id: unknown =
      typeof update === 'object' && update !== null && 'update_id' in update
        ? update.update_id
        : undefined;
    if (!Number.isSafeInteger(id)) {
      metrics.updates.inc({ outcome: 'ignored' });
      return;
    }
    await port.identify();
    await port.bot.handleUpdate(update as Parameters<typeof port.bot.handleUpdate>[0]);
  };
}

/** Ticks for the scenario, and the sweep. Each waits for its predecessor. */
function createClock(
  conversation: Conversation,
  options: SweepOptions,
  log: Logger,
  posted: () => void,
) {
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<unknown> = Promise.resolve();
  let swept = 0;
  const trying = (task: Promise<unknown>) =>
    task.catch((error: unknown) => log.error({ err: error }, 'clock'));
  const run = async () => {
    await trying(conversation.tick());
    if (Date.now() - swept < SWEEP) return;
    swept = Date.now();
    await trying(sweepNow());
  };
  const sweepNow = async () => {
    const found = await sweep(options);
    if (found.expired + found.jobs + found.blobs > 0) log.info(found, 'swept');
    posted();
    return found;
  };
  const next = () => {
    timer = setTimeout(() => {
      running = run().finally(() => {
        if (timer !== null) next();
      });
    }, TICK);
  };
  return {
    start: next,
    async stop() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      await running;
    },
    sweep: sweepNow,
  };
}
