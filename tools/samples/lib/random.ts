// Seeded random numbers: a sequence for scattering things, a hash for per-cell variation.

/** A small counter-based generator; the same seed always gives the same picture. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  next(): number {
    this.state = (this.state + 0x9e3779b9) | 0;
    return scramble(this.state) / 4294967296;
  }

  range(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A number around zero, mostly within one unit: the mean of three uniform draws. */
  spread(): number {
    return ((this.next() + this.next() + this.next()) / 1.5 - 1) * 1.5;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)]!;
  }
}

/** A number in 0..1 that depends only on the integer cell and the seed. */
export function hash(x: number, y: number, seed = 0): number {
  const mixed = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x5bd1e995);
  return scramble(mixed | 0) / 4294967296;
}

function scramble(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return (bits ^ (bits >>> 16)) >>> 0;
}
