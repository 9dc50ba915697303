import type { Losses } from './optimizer.ts';

/** A loss this many times the best counts as a jump. */
const JUMP = 2;
/** So many steps without a better loss count as standing still. */
const PATIENCE = 25;
/** What counts as better, relative to the best. */
const PROGRESS = 1e-3;
/** Factor of the step length at each intervention. */
const SHRINK = 0.5;
/** Below this the steps are too small to matter, and control lets the run finish. */
const SMALLEST = 1 / 256;

/** What its snapshot holds. */
export const CONTROL_NUMBERS = [
  'controlScale',
  'controlBest',
  'controlSince',
  'controlSeen',
  'controlVerdict',
] as const;

/** What to do after a window of steps; `anew`: back to the best image, and trust nothing that was computed since. */
export type Verdict = 'on' | 'back' | 'anew';
const VERDICTS: readonly Verdict[] = ['on', 'back', 'anew'];

/**
 * Step-size control: when the loss jumps, or has not fallen for a while, the step is halved and the run goes back to
 * its best image. This is what keeps difficult runs from diverging.
 *
 * Steps are judged by the window, one intervention each: where losses are read some steps late, all that follow a
 * mistake have gone on from it. Windows are counted in steps, so that neither speed nor a break decides anything.
 */
export class StepControl {
  /** Factor of the step length. */
  scale = 1;
  readonly #window: number;
  #best = Infinity;
  #since = 0;
  /** Steps of this window so far, and what they call for. */
  #seen = 0;
  #verdict: Verdict = 'on';

  /** @param window steps between two interventions at least */
  constructor(window = 1) {
    this.#window = window;
  }

  /** Steps that may be taken before the losses of all have been observed. */
  get remaining(): number {
    return this.#window - this.#seen;
  }

  snapshot(): Record<(typeof CONTROL_NUMBERS)[number], number> {
    return {
      controlScale: this.scale,
      controlBest: this.#best,
      controlSince: this.#since,
      controlSeen: this.#seen,
      controlVerdict: VERDICTS.indexOf(this.#verdict),
    };
  }

  restore(numbers: Readonly<Record<string, number>>): void {
    this.scale = numbers['controlScale']!;
    this.#best = numbers['controlBest']!;
    this.#since = numbers['controlSince']!;
    this.#seen = numbers['controlSeen']!;
    this.#verdict = VERDICTS[numbers['controlVerdict']!] ?? 'on';
  }

  /** Takes the losses of one step. Inside a window the verdict is `on`. */
  observe({ total }: Losses): Verdict {
    if (total < this.#best * (1 - PROGRESS)) {
      this.#best = total;
      this.#since = 0;
    } else this.#judge(total);
    this.#seen++;
    if (this.#seen < this.#window) return 'on';
    const verdict = this.#verdict;
    this.#seen = 0;
    this.#verdict = 'on';
    if (verdict === 'on') return verdict;
    this.scale = Math.max(SMALLEST, this.scale * SHRINK);
    this.#since = 0;
    return verdict;
  }

  #judge(total: number): void {
    if (!Number.isFinite(total)) this.#verdict = 'anew';
    if (this.#verdict !== 'on') return;
    this.#since++;
    const due = total > JUMP * this.#best || this.#since >= PATIENCE;
    if (due && this.scale > SMALLEST) this.#verdict = 'back';
  }
}
