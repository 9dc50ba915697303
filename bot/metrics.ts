import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { JOB_STATES } from '../shared/job.ts';
import type { Database } from './store/database.ts';
import { backlog } from './store/outbox.ts';

/** What an operator can watch; scraped at /metrics. */
export class Metrics {
  readonly registry = new Registry();

  readonly updates = new Counter({
    name: 'restyle_updates_total',
    help: 'Updates from Telegram, by what became of them',
    labelNames: ['outcome'],
    registers: [this.registry],
  });
  readonly posts = new Counter({
    name: 'restyle_outbox_total',
    help: 'Attempts to bring something into a chat, by kind and outcome (sent, retry, dead)',
    labelNames: ['kind', 'outcome'],
    registers: [this.registry],
  });
  readonly delivery = new Histogram({
    name: 'restyle_delivery_seconds',
    help: 'From the accepted upload to the picture in the chat',
    buckets: [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600, 86400],
    registers: [this.registry],
  });
  readonly requests = new Histogram({
    name: 'restyle_http_seconds',
    help: 'Answers of the job API',
    labelNames: ['route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 1, 5, 30],
    registers: [this.registry],
  });

  constructor(database: Database) {
    new Gauge({
      name: 'restyle_jobs',
      help: 'Jobs by state',
      labelNames: ['state'],
      registers: [this.registry],
      async collect() {
        const rows = await database.db
          .selectFrom('job')
          .select(({ fn }) => ['state', fn.countAll<number>().as('n')])
          .groupBy('state')
          .execute();
        for (const state of JOB_STATES) {
          this.set({ state }, rows.find((row) => row.state === state)?.n ?? 0);
        }
      },
    });
    const oldest = new Gauge({
      name: 'restyle_outbox_oldest_seconds',
      help: 'Age of the oldest thing that waits',
      registers: [this.registry],
    });
    new Gauge({
      name: 'restyle_outbox_pending',
      help: 'Things that wait to be brought into a chat',
      registers: [this.registry],
      async collect() {
        const waiting = await backlog(database.db);
        this.set(waiting.pending);
        oldest.set(waiting.oldest === null ? 0 : (Date.now() - waiting.oldest) / 1000);
      },
    });
  }
}
