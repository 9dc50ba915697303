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
export const CONTROL_NUMBERS = ['controlScale', 'controlBest', 'controlSince'] as const;

/**
 * Step-size control: when the loss jumps, or has not fallen for a while, the step is halved and the run goes back to
 * its best image. This is what keeps difficult runs from diverging.
 */
export class StepControl {
  /** Factor of the step length. */
  scale = 1;
  #best = Infinity;
  #since = 0;

  snapshot(): Record<(typeof CONTROL_NUMBERS)[number], number> {
    return { controlScale: this.scale, controlBest: this.#best, controlSince: this.#since };
  }

  restore(numbers: Readonly<Record<string, number>>): void {
    this.scale = numbers['controlScale']!;
    this.#best = numbers['controlBest']!;
    this.#since = numbers['controlSince']!;
  }

  /** Takes the losses of one step; true if the run shall go back to its best image now. */
  observe({ total }: Losses): boolean {
    if (total < this.#best * (1 - PROGRESS)) {
      this.#best = total;
      this.#since = 0;
      return false;
    }
    this.#since++;
    const jumped = !Number.isFinite(total) || total > JUMP * this.#best;
    if ((!jumped && this.#since < PATIENCE) || this.scale <= SMALLEST) return false;
    this.scale *= SHRINK;
    this.#since = 0;
    return true;
  }
}
