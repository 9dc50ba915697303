import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import {
  ClaimBody,
  FailBody,
  JOB_API,
  JOB_LIMITS,
  ProgressBody,
  RESULT_TYPES,
} from '../../shared/job.ts';
import { ApiError } from '../errors.ts';
import type { Metrics } from '../metrics.ts';
import { Semaphore } from '../semaphore.ts';
import { UploadTooLarge } from '../spool.ts';
import type { Database } from '../store/database.ts';
import { inputsOf } from '../store/jobs.ts';
import type { ChatPort } from '../chat/port.ts';
import { type RateLimits, addJobAuth, jobOf } from './auth.ts';
import { type Lifecycle, over } from '../jobs/lifecycle.ts';
import type { Uploads } from '../jobs/uploads.ts';

/** A body that brings nothing for so long is given up. */
const SILENT_UPLOAD = 20_000;
/** Files fetched from Telegram at a time. */
const FETCHES = 32;

export interface JobRoutesOptions {
  readonly database: Database;
  readonly port: ChatPort;
  readonly lifecycle: Lifecycle;
  readonly uploads: Uploads;
  readonly limits: RateLimits;
  readonly metrics: Metrics;
}

/** The API in shared/job.ts, for pages that hold a job's key. */
export async function addJobRoutes(app: FastifyInstance, o: JobRoutesOptions): Promise<void> {
  await app.register(async (api) => {
    await addJobAuth(api, o.database, o.limits);
    api.addHook('onRequest', (_request, reply, done) => {
      reply.header('cache-control', 'private, no-store');
      done();
    });
    api.addHook('onResponse', (request, reply, done) => {
      const labels = { route: request.routeOptions.url ?? '', status: reply.statusCode };
      o.metrics.requests.observe(labels, reply.elapsedTime / 1000);
      done();
    });
    addLifecycle(api, o.lifecycle);
    addInputs(api, o);
    addResult(api, o);
  });
}

function addLifecycle(api: FastifyInstance, lifecycle: Lifecycle): void {
  api.get(JOB_API.job, (request) => lifecycle.view(jobOf(request)));
  api.post(JOB_API.claim, (request) => lifecycle.claim(jobOf(request), read(ClaimBody, request)));
  api.post(JOB_API.progress, async (request, reply) => {
    await lifecycle.progress(jobOf(request), read(ProgressBody, request));
    return reply.code(204).send();
  });
  api.post(JOB_API.fail, async (request, reply) => {
    await lifecycle.fail(jobOf(request), read(FailBody, request));
    return reply.code(204).send();
  });
  api.post(JOB_API.cancel, async (request, reply) => {
    await lifecycle.cancel(jobOf(request));
    return reply.code(204).send();
  });
}

function read<T>(schema: v.GenericSchema<unknown, T>, request: FastifyRequest): T {
  const parsed = v.safeParse(schema, request.body ?? {});
  if (parsed.success) return parsed.output;
  throw new ApiError(400, 'bad_request', 'The request cannot be used as it is.');
}

/** The person's pictures, passed on from Telegram byte by byte: the page never learns their address. */
function addInputs(api: FastifyInstance, o: JobRoutesOptions): void {
  const fetches = new Semaphore(FETCHES);
  api.get<{ Params: { index: string } }>('/api/v1/job/inputs/:index', async (request, reply) => {
    const job = jobOf(request);
    o.lifecycle.requireLive(job);
    if (job.state === 'delivered') throw over();
    const inputs = await inputsOf(o.database.db, job.id);
    const input = inputs.find((one) => String(one.idx) === request.params.index);
    if (input === undefined) throw new ApiError(404, 'no_input', 'The job has no such picture.');
    const leave = await fetches.enter();
    try {
      const { stream, size } = await o.port.fetchFile(input.file_id);
      stream.once('close', leave);
      if (request.raw.destroyed) stream.destroy();
      reply.type(input.mime).header('content-disposition', 'attachment');
      if (size !== null) reply.header('content-length', size);
      return await reply.send(stream);
    } catch (error) {
      leave();
      throw error;
    }
  });
}

function addResult(api: FastifyInstance, o: JobRoutesOptions): void {
  // Handed on unread: uploads go to disk as they come.
  api.addContentTypeParser([...RESULT_TYPES], (_request, body, done) => done(null, body));
  api.put(JOB_API.result, async (request: FastifyRequest, reply: FastifyReply) => {
    const job = jobOf(request);
    o.lifecycle.requireLive(job);
    if (job.state === 'open') {
      throw new ApiError(409, 'wrong_state', 'Claim the job before sending its result.');
    }
    const body = request.body as IncomingMessage | undefined;
    const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
    if (body === undefined || !RESULT_TYPES.some((known) => known === type)) {
      throw new ApiError(415, 'bad_type', 'A result is a PNG, JPEG or WebP.');
    }
    if (Number(request.headers['content-length'] ?? 0) > JOB_LIMITS.bytes) {
      throw new UploadTooLarge();
    }
    body.setTimeout(SILENT_UPLOAD, () => body.destroy());
    const outcome = await o.uploads.take(job, type, body).catch((error: unknown) => {
      if (error instanceof ApiError || error instanceof UploadTooLarge || body.complete)
        throw error;
      throw new ApiError(400, 'interrupted', 'The upload broke off. Send it again.');
    });
    const accepted = outcome === 'accepted';
    return reply.code(accepted ? 202 : 200).send({ state: accepted ? 'uploaded' : job.state });
  });
}
