/** The job API from the page's side: each answer is a value, a refusal for good, or worth another try. */
import * as v from 'valibot';
import { formatJobKey, type JobKey } from '../../shared/deeplink.ts';
import {
  ErrorBody,
  JOB_API,
  JobView,
  ResultAnswer,
  type ClaimBody,
  type FailBody,
  type ProgressBody,
  type ResultType,
} from '../../shared/job.ts';

/** What the bridge will never do, however often it is asked. */
export type Refusal =
  'not-found' | 'over' | 'not-yours' | 'wrong-state' | 'other-result' | 'file-gone' | 'refused';

const REFUSALS: Readonly<Record<string, Refusal>> = {
  not_found: 'not-found',
  job_over: 'over',
  not_yours: 'not-yours',
  wrong_state: 'wrong-state',
  other_result: 'other-result',
  file_gone: 'file-gone',
  no_input: 'file-gone',
};

export class JobRefusedError extends Error {
  override readonly name = 'JobRefusedError';
  readonly why: Refusal;
  constructor(why: Refusal) {
    super(`the bridge refuses: ${why}`);
    this.why = why;
  }
}

/** No network, no bridge, or one that asks to wait: worth another try. */
export class JobUnreachableError extends Error {
  override readonly name = 'JobUnreachableError';
  /** Milliseconds the bridge asks to wait. */
  readonly wait: number;
  constructor(wait = 0) {
    super('the bridge does not answer');
    this.wait = wait;
  }
}

const SHORT = 30_000;
/** As long as the bridge gives an upload. */
const LONG = 300_000;
const INTERRUPTED = 400;

export class JobClient {
  readonly #authorization: string;
  readonly #base: string;

  /** `base`: the page's address, beside which the API lies. */
  constructor(key: JobKey, base: string) {
    this.#authorization = `Bearer ${formatJobKey(key)}`;
    this.#base = base;
  }

  async view(): Promise<JobView> {
    return read(JobView, await this.#ask(JOB_API.job));
  }

  async claim(body: ClaimBody): Promise<JobView> {
    return read(JobView, await this.#post(JOB_API.claim, body));
  }

  async progress(body: ProgressBody): Promise<void> {
    await this.#post(JOB_API.progress, body);
  }

  async fail(code: FailBody['code']): Promise<void> {
    await this.#post(JOB_API.fail, { code });
  }

  async cancel(): Promise<void> {
    await this.#post(JOB_API.cancel, {});
  }

  async input(index: number, type: string, onBytes: (bytes: number) => void): Promise<Blob> {
    const { body } = await this.#ask(JOB_API.input(index), {}, LONG);
    const parts: Uint8Array<ArrayBuffer>[] = [];
    try {
      for (const reader = body!.getReader(); ;) {
        const { done, value } = await reader.read();
        if (done) return new Blob(parts, { type });
        parts.push(value);
        onBytes(value.length);
      }
    } catch {
      throw new JobUnreachableError();
    }
  }

  /** Sending the same bytes twice is one result, so whoever is in doubt sends them again. */
  async result(blob: Blob, type: ResultType): Promise<void> {
    const headers = { 'content-type': type };
    const answer = await this.#ask(JOB_API.result, { method: 'PUT', headers, body: blob }, LONG);
    await read(ResultAnswer, answer);
  }

  #post(path: string, body: object): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return this.#ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async #ask(path: string, init: RequestInit = {}, limit = SHORT): Promise<Response> {
    const headers = { ...(init.headers as object), authorization: this.#authorization };
    const request: RequestInit = {
      ...init,
      headers,
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(limit),
    };
    const response = await fetch(new URL(`.${path}`, this.#base), request).catch(() => {
      throw new JobUnreachableError();
    });
    if (response.ok) return response;
    throw await toError(response);
  }
}

/** Hotel networks answer everything with a page of their own: that is no answer of the bridge's. */
async function read<T>(schema: v.GenericSchema<unknown, T>, response: Response): Promise<T> {
  const parsed = v.safeParse(schema, await response.json().catch(() => null));
  if (!parsed.success) throw new JobUnreachableError();
  return parsed.output;
}

async function toError(response: Response): Promise<Error> {
  const { status, headers } = response;
  const wait = 1000 * Number(headers.get('retry-after') ?? 0) || 0;
  const body = v.safeParse(ErrorBody, await response.json().catch(() => null));
  if (!body.success || status === 429 || status >= 500) return new JobUnreachableError(wait);
  const { error } = body.output;
  if (status === INTERRUPTED && error === 'interrupted') return new JobUnreachableError(wait);
  return new JobRefusedError(REFUSALS[error] ?? 'refused');
}
