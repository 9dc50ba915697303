/** What can be said of a pastiche in numbers, without looking at it. Pictures are RGB planes 0..1. */
import type { Planes } from '../../../web/engine/pipeline/pixels.ts';
import { normal, random } from '../../../web/engine/random.ts';

const LUMA = [0.299, 0.587, 0.114];
/** Directions and points of the sliced distance. */
const SLICES = 64;
const POINTS = 4096;

/** A picture as it is saved and seen, in bytes: rounding alone makes soft gradients rougher. */
export function inBytes(picture: Planes): Planes {
  const bytes = Uint8ClampedArray.from(picture.data, (value) => 255 * value);
  return { ...picture, data: Float32Array.from(bytes, (byte) => byte / 255) };
}

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

export interface Structure {
  /** Change of structure inside the objects and outside: 0 none, 1 as if there had been no photo. */
  readonly inside: number;
  readonly outside: number;
}

/** Side of the windows, and (0.03)² / 2, which steadies the quotient where nothing is (Wang et al. 2004, section III.C). */
const WINDOW = 7;
const STEADY = 0.03 ** 2 / 2;

/**
 * How far a pastiche has left its photo's shapes: 1 less the structure term of SSIM (Wang et al. 2004, "Image quality
 * assessment", equation 10), the correlation of the luminances in each window, at windows within objects and within the
 * rest. Colours and contrasts may change freely.
 * @param objects 1 where the photo has objects, 0 elsewhere, of the pictures' size
 */
export function structureChange(photo: Planes, pastiche: Planes, objects: Float32Array): Structure {
  const { width, height } = photo;
  const [x, y] = [split(photo).luma, split(pastiche).luma];
  const within = meansOf(objects, width, height);
  const [mx, my] = [meansOf(x, width, height), meansOf(y, width, height)];
  const product = (a: Float32Array, b: Float32Array) =>
    meansOf(
      a.map((value, i) => value * b[i]!),
      width,
      height,
    );
  const [xx, yy, xy] = [product(x, x), product(y, y), product(x, y)];
  const sums = { inside: [0, 0], outside: [0, 0] } as Record<keyof Structure, [number, number]>;
  within.forEach((share, i) => {
    if (share > 0 && share < 1) return;
    const deviations = Math.max(0, xx[i]! - mx[i]! ** 2) * Math.max(0, yy[i]! - my[i]! ** 2);
    const structure = (xy[i]! - mx[i]! * my[i]! + STEADY) / (Math.sqrt(deviations) + STEADY);
    const sum = sums[share === 1 ? 'inside' : 'outside'];
    sum[0] += 1 - structure;
    sum[1]++;
  });
  const mean = ([sum, count]: [number, number]) => sum / Math.max(1, count);
  return { inside: mean(sums.inside), outside: mean(sums.outside) };
}

/** Mean of each whole window, rows from the top. */
function meansOf(plane: Float32Array, width: number, height: number): Float64Array {
  // Sums over all above and to the left.
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += plane[y * width + x]!;
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1]! + row;
    }
  }
  const [across, down] = [width - WINDOW + 1, height - WINDOW + 1];
  return Float64Array.from({ length: Math.max(0, across) * Math.max(0, down) }, (_, i) => {
    const [top, left] = [Math.floor(i / across), i % across];
    const at = (y: number, x: number) => sums[y * (width + 1) + x]!;
    const sum =
      at(top + WINDOW, left + WINDOW) -
      at(top, left + WINDOW) -
      at(top + WINDOW, left) +
      at(top, left);
    return sum / WINDOW ** 2;
  });
}
