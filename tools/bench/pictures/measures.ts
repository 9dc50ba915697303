/** What can be said of a pastiche in numbers, without looking at it. Pictures are RGB planes 0..1. */
import type { Planes } from '../../../web/engine/pipeline/pixels.ts';
import { normal, random } from '../../../web/engine/random.ts';

const LUMA = [0.299, 0.587, 0.114];
/** Directions and points of the sliced distance. */
const SLICES = 64;
const POINTS = 4096;

/** Luminance, and what is left of each channel without it. */
function split({ width, height, data }: Planes): { luma: Float32Array; colour: Float32Array[] } {
  const area = width * height;
  const channel = (c: number, i: number) => data[c * area + i]!;
  const luma = Float32Array.from({ length: area }, (_, i) =>
    LUMA.reduce((sum, weight, c) => sum + weight * channel(c, i), 0),
  );
  const colour = LUMA.map((_, c) => luma.map((y, i) => channel(c, i) - y));
  return { luma, colour };
}

/** Mean absolute second difference along rows and columns. */
function roughness(plane: Float32Array, width: number, height: number): number {
  let [sum, count] = [0, 0];
  const add = (at: number, step: number) => {
    sum += Math.abs(plane[at - step]! - 2 * plane[at]! + plane[at + step]!);
    count++;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (x > 0 && x < width - 1) add(y * width + x, 1);
      if (y > 0 && y < height - 1) add(y * width + x, width);
    }
  }
  return sum / Math.max(1, count);
}

export interface Speckle {
  readonly luminance: number;
  readonly colour: number;
}

/** Second differences of a pastiche over those of its style, in the luminance and in what is left of colour without it. */
export function speckle(pastiche: Planes, style: Planes): Speckle {
  const [of, over] = [pastiche, style].map((planes) => {
    const { luma, colour } = split(planes);
    const rough = (plane: Float32Array) => roughness(plane, planes.width, planes.height);
    return { luma: rough(luma), colour: colour.map(rough).reduce((a, b) => a + b) };
  }) as [{ luma: number; colour: number }, { luma: number; colour: number }];
  return { luminance: of.luma / over.luma, colour: of.colour / over.colour };
}

/**
 * Sliced Wasserstein distance between the colours of two pictures (Rabin et al. 2011, "Wasserstein barycenter and its
 * application to texture mixing"): mean absolute difference of quantiles along random directions.
 */
export function paletteDistance(a: Planes, b: Planes): number {
  const gauss = normal(random(0));
  let sum = 0;
  for (let i = 0; i < SLICES; i++) {
    const axis = [gauss(), gauss(), gauss()];
    const length = Math.hypot(...axis);
    const [from, to] = [a, b].map((planes) =>
      quantilesAlong(
        planes,
        axis.map((value) => value / length),
      ),
    ) as [Float32Array, Float32Array];
    from.forEach((value, k) => (sum += Math.abs(value - to[k]!)));
  }
  return sum / (SLICES * POINTS);
}

function quantilesAlong({ width, height, data }: Planes, axis: readonly number[]): Float32Array {
  const area = width * height;
  const values = Float32Array.from({ length: area }, (_, i) =>
    axis.reduce((sum, weight, c) => sum + weight * data[c * area + i]!, 0),
  ).sort();
  return Float32Array.from(
    { length: POINTS },
    (_, k) => values[Math.min(area - 1, Math.floor(((k + 0.5) / POINTS) * area))]!,
  );
}
