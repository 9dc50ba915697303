/**
 * Pictures in tiles of 4 x 4: [1, C, H, W] as [4, 4, ⌈H/4⌉, ⌈W/4⌉, C], place in the tile first, then the tile, then its
 * channels, so that a tile moves to its neighbour's place in one piece. A convolution by Winograd takes and gives this
 * form, and what works element by element does not care, so that a chain of layers never leaves it.
 */
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { float32 } from '../graph/tensor.ts';
import { TILE, WINDOW, type Winograd } from './winograd.ts';

export interface Tiled {
  readonly value: Value;
  readonly height: number;
  readonly width: number;
  /** What lies beyond height and width is zero. */
  readonly clean: boolean;
}

type Five = [number, number, number, number, number];

export const tilesAlong = (size: number): number => Math.ceil(size / TILE);

/** Do the tiles end where the picture does? */
export const aligned = ({ height, width }: Pick<Tiled, 'height' | 'width'>): boolean =>
  height % TILE === 0 && width % TILE === 0;

export function toTiles(
  b: GraphBuilder,
  x: Value,
  [c, h, w]: readonly [number, number, number],
): Tiled {
  const [th, tw] = [tilesAlong(h), tilesAlong(w)];
  const picture = b.reshape(x, [c, h, w]);
  const whole = b.pad(picture, [0, 0, 0, 0, th * TILE - h, tw * TILE - w]);
  const cut = b.reshape(whole, [c, th, TILE, tw, TILE]);
  return { value: b.transpose(cut, [2, 4, 1, 3, 0]), height: h, width: w, clean: true };
}

/** Back to [C, H, W]. */
export function fromTiles(b: GraphBuilder, { value, height, width }: Tiled): Value {
  const [, , th, tw, c] = value.dims as Five;
  const whole = b.reshape(b.transpose(value, [4, 2, 0, 3, 1]), [c, th * TILE, tw * TILE]);
  return b.slice(whole, [1, 2], [0, 0], [height, width]);
}

/** With zeros beyond the picture's edges. */
export function cleaned(b: GraphBuilder, tiled: Tiled): Tiled {
  if (tiled.clean) return tiled;
  const { value, height, width } = tiled;
  const [, , th, tw] = value.dims as Five;
  const inside = new Float32Array(TILE * TILE * th * tw);
  for (let i = 0; i < inside.length; i++) {
    const [p, q] = [Math.floor(i / (TILE * th * tw)), Math.floor(i / (th * tw)) % TILE];
    const [ty, tx] = [Math.floor(i / tw) % th, i % tw];
    inside[i] = Number(ty * TILE + p < height && tx * TILE + q < width);
  }
  const mask = b.initializer(float32([TILE, TILE, th, tw, 1], inside), 'inside');
  return { ...tiled, value: b.mul(value, mask), clean: true };
}

/**
 * The windows of a tile along one axis: places -before to 5 - before, of which those outside 0..3 are places of a
 * neighbour. `axis` 0 (rows) or 1 (columns) grows from 4 to 6; the tiles along it become `tiles`.
 */
function windows(b: GraphBuilder, x: Value, axis: 0 | 1, before: number, tiles: number): Value {
  const along = axis + 2;
  const parts: Value[] = [];
  for (let place = -before; place < WINDOW - before;) {
    const neighbour = Math.floor(place / TILE);
    const end = Math.min(WINDOW - before, (neighbour + 1) * TILE);
    const first = place - neighbour * TILE;
    const part = b.slice(x, [axis], [first], [first + end - place]);
    const pads = Array<number>(10).fill(0);
    pads[along] = -neighbour;
    pads[along + 5] = tiles - x.dims[along]! + neighbour;
    parts.push(b.pad(part, pads));
    place = end;
  }
  return b.concat(parts, axis);
}

/** A 3 x 3 convolution of stride 1. @param pads top, left, bottom, right; each 0 to 2 */
export function tiledConv(
  b: GraphBuilder,
  winograd: Winograd,
  x: Tiled,
  weights: Value,
  bias: Value | null,
  pads: readonly number[],
): Tiled {
  const { value } = cleaned(b, x);
  const [, , before, , c] = value.dims as Five;
  const out = weights.dims[0]!;
  const [height, width] = [x.height + pads[0]! + pads[2]! - 2, x.width + pads[1]! + pads[3]! - 2];
  const [th, tw] = [tilesAlong(height), tilesAlong(width)];
  const t = th * tw;
  const columns = windows(b, value, 1, pads[1]!, tw);
  const inColumns = winograd.input(columns, [TILE, WINDOW, before * tw * c]);
  const whole = b.reshape(inColumns, [TILE, WINDOW, before, tw, c]);
  const rows = windows(b, whole, 0, pads[0]!, th);
  const d = b.reshape(winograd.input(rows, [WINDOW, WINDOW * t * c]), [WINDOW ** 2, t, c]);
  const m = b.matMul(d, winograd.kernels(weights));
  const inRows = winograd.output(m, [WINDOW, WINDOW * t * out]);
  const y = winograd.output(inRows, [TILE, WINDOW, t * out]);
  const tiled = b.reshape(y, [TILE, TILE, th, tw, out]);
  const shifted = bias ? b.add(tiled, bias) : tiled;
  return { value: shifted, height, width, clean: aligned({ height, width }) };
}

/** All positions, one below the other, as a matrix: [16 · tiles, C]. */
function positions(b: GraphBuilder, { value }: Tiled): Value {
  const [, , th, tw, c] = value.dims as Five;
  return b.reshape(value, [TILE * TILE * th * tw, c]);
}

/**
 * A matrix times every position's channels: a 1 x 1 convolution of stride 1 without padding.
 *
 * @param weights [Cout, C], or with dims of 1 behind
 */
export function tiledProduct(
  b: GraphBuilder,
  weights: Value,
  x: Tiled,
  bias: Value | null = null,
): Tiled {
  const [, , th, tw, c] = x.value.dims as Five;
  const out = weights.dims[0]!;
  const factors = [positions(b, x), b.reshape(weights, [out, c])];
  const product = b.op('Gemm', bias ? [...factors, bias] : factors, { transB: 1 });
  const value = b.reshape(product, [TILE, TILE, th, tw, out]);
  return { ...x, value, clean: bias ? aligned(x) : x.clean };
}

/** F·Fᵀ over all positions: [C, C]. */
export function tiledGram(b: GraphBuilder, x: Tiled): Value {
  const rows = positions(b, cleaned(b, x));
  return b.op('Gemm', [rows, rows], { transA: 1 });
}

/**
 * The sum over all positions: [1, C, 1, 1]. Axis by axis: a runtime adds up one number after the other, and the sum of
 * a million would be a hundredth off.
 */
export function tiledSum(b: GraphBuilder, x: Tiled): Value {
  const { value } = cleaned(b, x);
  const [, , th, tw, c] = value.dims as Five;
  const rows = b.reduceSum(b.reshape(value, [TILE * TILE * th, tw, c]), [1]);
  const places = b.reduceSum(b.reshape(rows, [TILE * TILE, th, c]), [1]);
  return b.reshape(b.reduceSum(b.reshape(places, [TILE * TILE, c]), [0]), [1, c, 1, 1]);
}

/**
 * Pooled by 2 x 2 the places of a tile are 2 x 2 as well: "halves", [2, 2, th, tw, C]. Four such tiles are one of the
 * smaller picture.
 */
export function halvesToTiles(b: GraphBuilder, x: Value, height: number, width: number): Tiled {
  const [, , th, tw, c] = x.dims as Five;
  const [h, w] = [tilesAlong(height), tilesAlong(width)];
  const even = b.pad(x, [0, 0, 0, 0, 0, 0, 0, 2 * h - th, 2 * w - tw, 0]);
  const cut = b.reshape(even, [2, 2, h, 2, w, 2, c]);
  const value = b.reshape(b.transpose(cut, [3, 0, 5, 1, 2, 4, 6]), [TILE, TILE, h, w, c]);
  const full = (size: number, tiles: number) => size % TILE === 0 || size === 2 * tiles;
  return { value, height, width, clean: full(height, th) && full(width, tw) };
}

/** The other way. @param th and @param tw tiles of the larger picture */
export function tilesToHalves(b: GraphBuilder, { value }: Tiled, th: number, tw: number): Value {
  const [, , h, w, c] = value.dims as Five;
  const cut = b.reshape(value, [2, 2, 2, 2, h, w, c]);
  const whole = b.reshape(b.transpose(cut, [1, 3, 4, 0, 5, 2, 6]), [2, 2, 2 * h, 2 * w, c]);
  return b.pad(whole, [0, 0, 0, 0, 0, 0, 0, th - 2 * h, tw - 2 * w, 0]);
}

/**
 * Gradient of 2 x 2 pooling: what a window's output received goes to its first maximum, row by row.
 *
 * @param y and @param dy in halves, dy zero beyond the picture
 */
export function tiledPoolGradient(b: GraphBuilder, x: Tiled, y: Value, dy: Value): Tiled {
  const size = y.dims.slice(2).reduce((product, dim) => product * dim, 1);
  const windows = b.reshape(x.value, [2, 2, 2, 2, size]);
  const pooled = b.reshape(y, [2, 1, 2, 1, size]);
  let rest = b.reshape(dy, [2, 1, 2, 1, size]);
  const rows = [0, 1].map((u) => {
    const places = [0, 1].map((v) => {
      const place = b.slice(windows, [1, 3], [u, v], [u + 1, v + 1]);
      const taken = b.where(b.equal(place, pooled), rest, 0);
      if (u + v < 2) rest = b.sub(rest, taken);
      return taken;
    });
    return b.concat(places, 3);
  });
  return { ...x, value: b.reshape(b.concat(rows, 1), x.value.dims), clean: true };
}

/** 2 x 2 pooling, in halves. */
export function tiledPool(b: GraphBuilder, x: Tiled): Value {
  const [, , th, tw, c] = x.value.dims as Five;
  const windows = b.reshape(x.value, [2, 2, 2, 2, th * tw * c]);
  const halfOf = (value: Value, axis: number, i: number) => b.slice(value, [axis], [i], [i + 1]);
  const larger = (value: Value, axis: number) =>
    b.op('Max', [halfOf(value, axis, 0), halfOf(value, axis, 1)]);
  return b.reshape(larger(larger(windows, 1), 3), [2, 2, th, tw, c]);
}
