import { random } from '../../../web/engine/random.ts';

/** The same seed gives the same schedule on every machine. */
export class Random {
  /** 0 <= x < 1 */
  readonly next: () => number;

  constructor(seed: number) {
    this.next = random(seed);
  }

  /** 0 <= n < below */
  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(list.length)]!;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }
}
