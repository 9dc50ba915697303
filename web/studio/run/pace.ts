/** How fast a run goes and how long it will take, from what was seen of it. */
import type { Progress } from '../../worker/contract.ts';

/** A scale has √2 the side of the one before, so twice the area and about twice the time. */
const COST_OF_NEXT_SCALE = 2;
/** Weight of the newest figure in the running mean. */
const FRESH = 0.3;

export interface Speed {
  readonly stepsPerSecond: number;
  readonly secondsLeft: number;
}

/** Watches one run. Pauses and preparations between two reports are kept out of the speed. */
export class Pace {
  #msPerStep = 0;
  #scale = -1;
  #spent = 0;
  #steps = 0;

  note({ phase, scale, scales, step, steps, msPerStep }: Progress): Speed | null {
    if (phase === 'painting') {
      const spent = msPerStep * step;
      if (step > this.#steps) this.#see((spent - this.#spent) / (step - this.#steps), scale);
      this.#spent = spent;
      this.#steps = step;
    }
    if (this.#msPerStep === 0) return null;
    const each = Math.floor(steps / scales);
    const leftHere = Math.max(0, steps - step - each * (scales - 1 - scale));
    let msLeft = leftHere * this.#msPerStep;
    for (let next = scale + 1; next < scales; next++) {
      msLeft += each * this.#msPerStep * COST_OF_NEXT_SCALE ** (next - scale);
    }
    return { stepsPerSecond: 1000 / this.#msPerStep, secondsLeft: msLeft / 1000 };
  }

  #see(ms: number, scale: number): void {
    const first = scale !== this.#scale;
    this.#scale = scale;
    this.#msPerStep = first ? ms : this.#msPerStep * (1 - FRESH) + ms * FRESH;
  }
}
