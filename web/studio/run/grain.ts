import type { Pixels } from '../../worker/contract.ts';

/** A picture of which no pixel is like its neighbour, so that nothing is easier than in a photo. */
export function grain(side: number, seed: number): Pixels {
  const data = new Uint8ClampedArray(4 * side * side);
  let state = seed;
  for (let i = 0; i < data.length; i++) {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    data[i] = i % 4 === 3 ? 255 : state >> 23;
  }
  return { width: side, height: side, data };
}
