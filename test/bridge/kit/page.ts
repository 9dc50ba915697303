import { formatJobKey, parseJobFragment } from '../../../shared/deeplink.ts';
import { JOB_API, type JobView, type ProgressBody } from '../../../shared/job.ts';

/** The page's half of the job API over real HTTP, as a browser would speak it. */
export class PageClient {
  readonly #origin: string;
  readonly key: string;

  constructor(origin: string, key: string) {
    this.#origin = origin;
    this.key = key;
  }

  /** Follow a link from the chat. The server may be reached elsewhere than the link says: a proxy stands between. */
  static fromLink(origin: string, link: string): PageClient {
    const key = parseJobFragment(new URL(link).hash);
    if (key === null) throw new Error('a link without a job');
    return new PageClient(origin, formatJobKey(key));
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${this.key}`, ...(init.headers as object) };
    return await fetch(this.#origin + path, { ...init, headers });
  }

  async view(): Promise<JobView> {
    return (await (await this.fetch(JOB_API.job)).json()) as JobView;
  }

  async claim(body: object = {}): Promise<Response> {
    return await this.#post(JOB_API.claim, body);
  }

  async progress(body: ProgressBody): Promise<Response> {
    return await this.#post(JOB_API.progress, body);
  }

  async fail(code: string): Promise<Response> {
    return await this.#post(JOB_API.fail, { code });
  }

  async cancel(): Promise<Response> {
    return await this.#post(JOB_API.cancel, {});
  }

  async input(index: number): Promise<Response> {
    return await this.fetch(JOB_API.input(index));
  }

  async upload(bytes: Buffer, type = 'image/png'): Promise<Response> {
    return await this.fetch(JOB_API.result, {
      method: 'PUT',
      headers: { 'content-type': type },
      body: new Uint8Array(bytes),
    });
  }

  async #post(path: string, body: object): Promise<Response> {
    return await this.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }
}
