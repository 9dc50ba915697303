/** How what is painted goes over into what is left alone. */

/** Width of the transition in pixels, for a picture with this long side. It lies on the painted side altogether. */
export const featherOf = (longSide: number): number => Math.max(2, Math.round(longSide / 80));

/**
 * How much of the painting each pixel shows: 0 wherever it is left alone, rising smoothly to 1 at `feather` pixels from
 * there.
 *
 * @param left 1 where the photo is left alone, else 0; rows from top to bottom
 */
export function feathered(
  left: Uint8Array,
  width: number,
  height: number,
  feather: number,
): Float32Array {
  const squares = squaredDistances(left, width, height);
  return Float32Array.from(squares, (square) => {
    const t = Math.min(1, Math.sqrt(square) / (feather + 1));
    return t * t * (3 - 2 * t);
  });
}

/**
 * Squared Euclidean distance of each pixel to the nearest one that is marked (Felzenszwalb and Huttenlocher 2012,
 * "Distance Transforms of Sampled Functions", Theory of Computing 8, section 2): along rows, then along columns.
 */
export function squaredDistances(marked: Uint8Array, width: number, height: number): Float64Array {
  const far = (width + height) ** 2;
  const squares = Float64Array.from(marked, (mark) => (mark ? 0 : far));
  const longest = Math.max(width, height);
  const envelope = {
    values: new Float64Array(longest),
    vertices: new Int32Array(longest),
    bounds: new Float64Array(longest + 1),
  };
  for (let y = 0; y < height; y++) along(squares, y * width, 1, width, envelope);
  for (let x = 0; x < width; x++) along(squares, x, width, height, envelope);
  return squares;
}

interface Envelope {
  readonly values: Float64Array;
  readonly vertices: Int32Array;
  readonly bounds: Float64Array;
}

/** min over q of (p − q)² + f(q), in place: the lower envelope of parabolas. */
function along(
  f: Float64Array,
  from: number,
  step: number,
  count: number,
  { values, vertices, bounds }: Envelope,
): void {
  for (let q = 0; q < count; q++) values[q] = f[from + q * step]!;
  const crossing = (q: number, p: number) =>
    (values[q]! + q * q - values[p]! - p * p) / (2 * (q - p));
  let last = 0;
  vertices[0] = 0;
  bounds[0] = -Infinity;
  bounds[1] = Infinity;
  for (let q = 1; q < count; q++) {
    let at = crossing(q, vertices[last]!);
    while (at <= bounds[last]!) at = crossing(q, vertices[--last]!);
    vertices[++last] = q;
    bounds[last] = at;
    bounds[last + 1] = Infinity;
  }
  for (let p = 0, k = 0; p < count; p++) {
    while (bounds[k + 1]! < p) k++;
    f[from + p * step] = (p - vertices[k]!) ** 2 + values[vertices[k]!]!;
  }
}
