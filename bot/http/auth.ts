import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseJobKey } from '../../shared/deeplink.ts';
import { NO_SHA, matches } from '../capabilities.ts';
import { ApiError } from '../errors.ts';
import type { Database } from '../store/database.ts';
import { findJob } from '../store/jobs.ts';
import type { JobRow } from '../store/schema.ts';
import { notFound } from './errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The job whose key the request has shown. */
    job: JobRow | null;
  }
}

export interface RateLimits {
  /** Requests a minute with one job's key; pages report every 2 s or so. */
  readonly job: number;
  /** Uploads a minute with one job's key. */
  readonly uploads: number;
  /** Requests a minute from one address that show no valid key. */
  readonly strangers: number;
}

export const RATE_LIMITS: RateLimits = { job: 240, uploads: 12, strangers: 60 };

const BEARER = /^Bearer ([\w.-]{56})$/;

/** Let only holders of a job's key through, and neither them nor strangers too often. */
export async function addJobAuth(
  app: FastifyInstance,
  database: Database,
  limits: RateLimits,
): Promise<void> {
  await app.register(rateLimit, { global: false });
  const timeWindow = 60_000;
  const ofJob = (request: FastifyRequest) => request.job?.id ?? '';
  const jobs = app.createRateLimit({ max: limits.job, timeWindow, keyGenerator: ofJob });
  const uploads = app.createRateLimit({
    max: limits.uploads,
    timeWindow,
    keyGenerator: (request) => `upload ${ofJob(request)}`,
  });
  const strangers = app.createRateLimit({
    max: limits.strangers,
    timeWindow,
    keyGenerator: (request) => `stranger ${request.ip}`,
  });
  app.decorateRequest('job', null);
  // Before the body is read: a stranger's upload is not even looked at.
  app.addHook('onRequest', async (request) => {
    request.job = await proveJob(database, request.headers.authorization);
    if (request.job === null) {
      hold(await strangers(request));
      throw notFound();
    }
    hold(await jobs(request));
    if (request.method === 'PUT') hold(await uploads(request));
  });
}

type Verdict = Awaited<ReturnType<ReturnType<FastifyInstance['createRateLimit']>>>;

function hold(verdict: Verdict): void {
  if (verdict.isAllowed || !verdict.isExceeded) return;
  const wait = Math.max(1, verdict.ttlInSeconds);
  throw new ApiError(429, 'too_many', 'Too many requests. Wait a little.', wait);
}

async function proveJob(database: Database, header: string | undefined): Promise<JobRow | null> {
  const key = parseJobKey(BEARER.exec(header ?? '')?.[1] ?? '');
  if (key === null) return null;
  const job = await findJob(database.db, key.id);
  // Compared in any case, so that the time taken does not tell which ids exist.
  const proven = matches(key.cap, job?.cap_sha ?? NO_SHA);
  return proven ? job : null;
}

/** The job of a request that has passed the door. */
export function jobOf(request: FastifyRequest): JobRow {
  if (request.job === null) throw notFound();
  return request.job;
}
