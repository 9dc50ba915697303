/** The job API between the page and the bridge: paths, messages, limits. Both sides check with these schemas. */
import * as v from 'valibot';
import { LANGUAGE_CODES } from './languages.ts';

/**
 * Every path takes `Authorization: Bearer <id>.<capability>`. A wrong, unknown or missing key is 404 for all of them.
 *
 * - `GET  job`            JobView
 * - `POST claim`          ClaimBody; 200 JobView, 403 another person's, 409 not open any more
 * - `GET  input(i)`       the bytes of input i; 410 once the job is over, 502 Telegram does not answer
 * - `POST progress`       ProgressBody; 204, 409 not claimed
 * - `PUT  result`         the picture's bytes; 202 accepted, 200 the same again, 409 another one,
 *                         410 job over, 413 too large, 415 not a picture
 * - `POST fail`           FailBody; 204
 * - `POST cancel`         204
 *
 * 429 and 503 carry `Retry-After`. Every error body is an ErrorBody.
 */
export const JOB_API = {
  job: '/api/v1/job',
  claim: '/api/v1/job/claim',
  input: (index: number) => `/api/v1/job/inputs/${index}`,
  progress: '/api/v1/job/progress',
  result: '/api/v1/job/result',
  fail: '/api/v1/job/fail',
  cancel: '/api/v1/job/cancel',
} as const;

export const JOB_LIMITS = {
  /** Telegram lets a bot fetch files up to 20 MB, so results keep to the same. */
  bytes: 20 * 1024 * 1024,
  pixels: 40_000_000,
  side: 16_384,
  styles: 5,
} as const;

/** What a result may be. */
export const RESULT_TYPES = ['image/png', 'image/jpeg', 'image/webp'] as const;
export type ResultType = (typeof RESULT_TYPES)[number];

/**
 * open: nobody has it; claimed: a page has it; running: and reports progress; uploaded: the bridge has the result;
 * delivered: it is in the chat. failed may be claimed again; cancelled, expired and dead are the end.
 */
export const JOB_STATES = [
  'open',
  'claimed',
  'running',
  'uploaded',
  'delivered',
  'failed',
  'cancelled',
  'expired',
  'dead',
] as const;
export type JobState = (typeof JOB_STATES)[number];

/** Still waits for its result: may be claimed, cancelled and may run out of time. */
export const UNFINISHED_STATES = ['open', 'claimed', 'running', 'failed'] as const;
/** Ended without a picture, for good. */
export const LOST_STATES = ['cancelled', 'expired', 'dead'] as const;

export const isUnfinished = (state: JobState): boolean => isOneOf(UNFINISHED_STATES, state);
export const isLost = (state: JobState): boolean => isOneOf(LOST_STATES, state);

function isOneOf(states: readonly JobState[], state: JobState): boolean {
  return states.includes(state);
}

/** Milliseconds after which a page that reports nothing is taken for closed. */
export const PAUSED_AFTER = 15 * 60_000;

/** What the person chose in the chat. `both`: the page runs the two networks and sends the two side by side. */
export const JobOptions = v.object({
  network: v.picklist(['vgg', 'resnet', 'both']),
  upscale: v.boolean(),
  /** The longer side, in pixels, before upscaling. */
  size: v.picklist([512, 768, 1024]),
  /** How the picture comes into the chat: untouched as a file, or as a photo that Telegram compresses. */
  deliverAs: v.picklist(['document', 'photo']),
});
export type JobOptions = v.InferOutput<typeof JobOptions>;

export const DEFAULT_JOB_OPTIONS: JobOptions = {
  network: 'vgg',
  upscale: false,
  size: 768,
  deliverAs: 'document',
};

const JobInput = v.object({
  index: v.number(),
  role: v.picklist(['content', 'style']),
  type: v.string(),
  /** Bytes, where Telegram says so. */
  bytes: v.nullable(v.number()),
});
export type JobInput = v.InferOutput<typeof JobInput>;

/** A job as its page sees it. */
export const JobView = v.object({
  id: v.string(),
  state: v.picklist(JOB_STATES),
  options: JobOptions,
  inputs: v.array(JobInput),
  lang: v.picklist(LANGUAGE_CODES),
  /** Milliseconds since 1970; a result is taken until then. */
  expires: v.number(),
});
export type JobView = v.InferOutput<typeof JobView>;

export const ClaimBody = v.object({
  /** `Telegram.WebApp.initData`, when opened inside Telegram: ties the claim to the person. */
  initData: v.optional(v.pipe(v.string(), v.maxLength(4096))),
  device: v.optional(v.object({ webgpu: v.boolean() })),
});
export type ClaimBody = v.InferOutput<typeof ClaimBody>;

export const ProgressBody = v.object({
  /** 0..100 */
  percent: v.pipe(v.number(), v.minValue(0), v.maxValue(100)),
  /** Seconds left, if the page can tell. */
  eta: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(604_800))),
  stage: v.optional(v.picklist(['loading', 'styling', 'upscaling', 'saving'])),
});
export type ProgressBody = v.InferOutput<typeof ProgressBody>;

export const FAIL_CODES = ['no_gpu', 'out_of_memory', 'bad_input', 'other'] as const;
export const FailBody = v.object({ code: v.picklist(FAIL_CODES) });
export type FailBody = v.InferOutput<typeof FailBody>;

export const ResultAnswer = v.object({ state: v.picklist(JOB_STATES) });
export type ResultAnswer = v.InferOutput<typeof ResultAnswer>;

/** `error` is for programs, `advice` for people. */
export const ErrorBody = v.object({ error: v.string(), advice: v.string() });
export type ErrorBody = v.InferOutput<typeof ErrorBody>;
