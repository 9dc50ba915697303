/** Progress for the card in the chat: the newest counts, and not more often than every two seconds. */
import type { ProgressBody } from '../../shared/job.ts';

const LEAST = 2000;

export class Reports {
  readonly #send: (body: ProgressBody) => Promise<void>;
  #next: ProgressBody | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** `send` is to swallow a network that is away: the next report makes up for it. */
  constructor(send: (body: ProgressBody) => Promise<void>) {
    this.#send = send;
  }

  note(body: ProgressBody): void {
    this.#next = body;
    if (this.#timer === null) this.#flush();
  }

  /** What has not been sent does not matter any more. */
  drop(): void {
    this.#next = null;
  }

  #flush(): void {
    const body = this.#next;
    this.#next = null;
    this.#timer = null;
    if (!body) return;
    this.#timer = setTimeout(() => this.#flush(), LEAST);
    void this.#send(body);
  }
}
