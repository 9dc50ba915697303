/** What can go wrong with one call to Telegram. `after`: the call had its effect, and only its answer is lost. */
export type Fault = {
  /** Without it: any method but getUpdates and answerCallbackQuery. */
  readonly method?: string;
} & (
  | { readonly kind: 'slow down'; readonly seconds: number }
  | { readonly kind: 'refuse'; readonly code: number; readonly description: string }
  | { readonly kind: 'status'; readonly status: number; readonly when: 'before' | 'after' }
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' }
  | { readonly kind: 'garbage'; readonly when: 'before' | 'after'; readonly text?: string }
  | { readonly kind: 'hang'; readonly when: 'before' | 'after' }
);

const QUIET = ['getUpdates', 'answerCallbackQuery'];

/** Faults wait in line; a call takes the first that fits it. */
export class FaultQueue {
  readonly #queue: Fault[] = [];
  /** Every call is dropped while this is set. */
  down = false;
  taken = 0;

  add(...faults: Fault[]): void {
    this.#queue.push(...faults);
  }

  clear(): void {
    this.#queue.length = 0;
    this.down = false;
  }

  get waiting(): readonly Fault[] {
    return [...this.#queue];
  }

  take(method: string): Fault | null {
    if (this.down) return { kind: 'drop', when: 'before' };
    const at = this.#queue.findIndex((fault) =>
      fault.method === undefined ? !QUIET.includes(method) : fault.method === method,
    );
    if (at < 0) return null;
    this.taken += 1;
    return this.#queue.splice(at, 1)[0] ?? null;
  }
}
