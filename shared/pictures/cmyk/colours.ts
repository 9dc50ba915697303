/** Inks as people see them: by the ICC profile in the file, or else as usual inks on white paper. */
import { profileColours } from './icc.ts';
import { encoded, type ColourOf } from './srgb.ts';
import type { Inks } from './decode.ts';

/** Points along each ink at which colours are reckoned; between them they are blended. */
const POINTS = 17;

/** RGBA of the picture. */
export function coloursOf({ width, height, data, profile }: Inks): Uint8ClampedArray {
  const grid = gridOf((profile && profileColours(profile)) ?? usualColour);
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255);
  const [low, part] = [new Int32Array(4), new Float64Array(4)];
  const steps = [3 * POINTS ** 3, 3 * POINTS ** 2, 3 * POINTS, 3];
  const corner = new Float64Array(48);
  for (let at = 0; at < data.length; at += 4) {
    let first = 0;
    for (let c = 0; c < 4; c++) {
      const place = (data[at + c]! / 255) * (POINTS - 1);
      low[c] = Math.min(POINTS - 2, Math.floor(place));
      part[c] = place - low[c]!;
      first += low[c]! * steps[c]!;
    }
    for (let k = 0; k < 16; k++) {
      let from = first;
      for (let c = 0; c < 4; c++) if ((k >> c) & 1) from += steps[c]!;
      for (let i = 0; i < 3; i++) corner[3 * k + i] = grid[from + i]!;
    }
    // Ink by ink, two corners become one.
    for (let c = 3, count = 8; c >= 0; c--, count /= 2)
      for (let j = 0; j < 3 * count; j++)
        corner[j] = corner[j]! + (corner[j + 3 * count]! - corner[j]!) * part[c]!;
    for (let i = 0; i < 3; i++) rgba[at + i] = 255 * corner[i]!;
  }
  return rgba;
}

function gridOf(colourOf: ColourOf): Float64Array {
  const grid = new Float64Array(3 * POINTS ** 4);
  const level = (i: number) => i / (POINTS - 1);
  let at = 0;
  for (let c = 0; c < POINTS; c++)
    for (let m = 0; m < POINTS; m++)
      for (let y = 0; y < POINTS; y++)
        for (let k = 0; k < POINTS; k++) {
          const [red, green, blue] = colourOf([level(c), level(m), level(y), level(k)]);
          grid[at] = red!;
          grid[at + 1] = green!;
          grid[at + 2] = blue!;
          at += 3;
        }
  return grid;
}

/**
 * What each set of inks in full looks like on white paper, cyan as the first bit: linear light to the power 1/1.6. Below
 * 0 lies what no screen shows. Fitted by least squares to a usual press, 2.7 levels of 255 apart from it (RMS).
 */
const OVERPRINTS: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [-0.339, 0.479, 0.842],
  [0.837, 0.066, 0.401],
  [0.13, 0.126, 0.399],
  [0.98, 0.867, 0.01],
  [-0.164, 0.468, 0.175],
  [0.825, 0.102, 0.135],
  [0.114, 0.099, 0.125],
  [0.05, 0.047, 0.061],
  [0.089, 0.098, 0.097],
  [0.086, 0.085, 0.106],
  [0.056, 0.047, 0.083],
  [0.077, 0.079, 0.113],
  [0.07, 0.071, 0.078],
  [0.079, 0.065, 0.074],
  [0.066, 0.067, 0.094],
];
const SPREAD = 1.6;
/** Dots grow in print: the share that an ink covers is its amount to this power. */
const GAIN = [1, 0.825, 0.9, 0.85];

/** Neugebauer's equations with Yule and Nielsen's exponent: overprints by the share of the paper that each covers. */
const usualColour: ColourOf = (inks) => {
  const covered = inks.map((ink, c) => ink ** GAIN[c]!);
  const sum = [0, 0, 0];
  OVERPRINTS.forEach((colour, k) => {
    const share = covered.reduce((all, a, c) => all * ((k >> c) & 1 ? a : 1 - a), 1);
    colour.forEach((value, i) => (sum[i]! += share * value));
  });
  return sum.map((value) => encoded(Math.max(0, value) ** SPREAD));
};
