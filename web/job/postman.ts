/** Brings results out whenever there is hope: at start-up, when the network or the person comes back, and by the clock. */
import { flushOutbox, OUTBOX_TAG } from './outbox.ts';

/** Background Sync; not in TypeScript's library, as only Chromium has it. */
interface SyncRegistration extends ServiceWorkerRegistration {
  readonly sync?: { register(tag: string): Promise<void> };
}

export class Postman {
  readonly #base: string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(base: string) {
    this.#base = base;
    addEventListener('online', () => void this.go());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void this.go();
    });
  }

  async go(eager = true): Promise<void> {
    clearTimeout(this.#timer);
    const next = await flushOutbox(this.#base, eager);
    clearTimeout(this.#timer);
    if (next === null) return;
    this.#timer = setTimeout(() => void this.go(false), Math.max(0, next - Date.now()) + 1);
  }

  /** Also when this tab is closed meanwhile, where the browser can. */
  async leaveWithBrowser(): Promise<void> {
    const { serviceWorker } = navigator as Partial<Navigator>;
    const registration: SyncRegistration | undefined = await serviceWorker?.getRegistration();
    // Private windows and strict settings forbid it; the page itself tries in any case.
    await registration?.sync?.register(OUTBOX_TAG).catch(() => undefined);
  }
}
