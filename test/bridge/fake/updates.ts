/** Updates on their way to the bot: long polling and webhooks. */
export interface FakeUpdate {
  readonly update_id: number;
  readonly [field: string]: unknown;
}

export interface Hook {
  readonly path: string;
  readonly secret: string;
}

export class UpdateQueue {
  readonly #waiting: FakeUpdate[] = [];
  #next = 1000;
  #poller: (() => void) | null = null;
  #hook: Hook | null = null;
  #sending = false;
  /** Where webhooks really go: in service a TLS proxy stands there. */
  hookOrigin = '';
  /** How a webhook was answered, newest last. */
  readonly hookAnswers: number[] = [];
  polls = 0;
  conflicts = 0;

  get left(): number {
    return this.#waiting.length;
  }

  push(content: Readonly<Record<string, unknown>>): FakeUpdate {
    const update = { update_id: this.#next++, ...content };
    this.#waiting.push(update);
    this.#poller?.();
    void this.#send();
    return update;
  }

  /** The same update again, as Telegram does when it has seen no answer. */
  repeat(update: FakeUpdate): void {
    this.#waiting.unshift(update);
    this.#poller?.();
    void this.#send();
  }

  setHook(hook: Hook | null): void {
    this.#hook = hook;
    void this.#send();
  }

  /** getUpdates; null: another poller is there already. */
  async poll(offset: number, seconds: number, gone: AbortSignal): Promise<FakeUpdate[] | null> {
    this.polls += 1;
    if (this.#poller !== null) {
      this.conflicts += 1;
      return null;
    }
    while (this.#waiting[0] !== undefined && this.#waiting[0].update_id < offset) {
      this.#waiting.shift();
    }
    if (this.#waiting.length === 0 && seconds > 0) await this.#hold(seconds, gone);
    return this.#waiting.slice(0, 100);
  }

  async #hold(seconds: number, gone: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      this.#poller = () => {
        clearTimeout(timer);
        resolve();
      };
      gone.addEventListener('abort', () => this.#poller?.(), { once: true });
    });
    this.#poller = null;
  }

  /** Chat by chat in order, again until it is taken. */
  async #send(): Promise<void> {
    if (this.#sending || this.#hook === null) return;
    this.#sending = true;
    while (this.#waiting.length > 0 && this.hook !== null) {
      const status = await post(
        this.hookOrigin + this.hook.path,
        this.hook.secret,
        this.#waiting[0]!,
      );
      this.hookAnswers.push(status);
      if (status >= 200 && status < 300) this.#waiting.shift();
      else await new Promise((resolve) => setTimeout(resolve, 50));
    }
    this.#sending = false;
  }

  get hook(): Hook | null {
    return this.#hook;
  }
}

async function post(url: string, secret: string, update: FakeUpdate): Promise<number> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-telegram-bot-api-secret-token': secret,
      },
      body: JSON.stringify(update),
    });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 0;
  }
}
