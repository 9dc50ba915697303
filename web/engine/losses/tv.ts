/** Total variation: how much neighbouring pixels differ (Rudin, Osher, Fatemi 1992; each program has its own form). */
import type { StyleSettings } from '../../../shared/settings.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';

/** A tile of a picture: the part of the sum that it answers for. */
export interface TvTile {
  /** 1 where a row [1, 1, H, 1] or column [1, 1, 1, W] is the tile's own, else 0. */
  readonly own: readonly [rows: Value, columns: Value];
  /** Of the picture. */
  readonly whole: { readonly height: number; readonly width: number };
}

/**
 * Total variation of `x`: [1, 3, H, W], in whatever units it comes. Scalar.
 *
 * - `half-squares`: ½Σ(dx² + dy²), whose gradient is jcjohnson/neural-style's
 * - `absolute`: Σ|dx| + Σ|dy|, gordicaleksa's
 * - `mean-squares`: mean(dx²) + mean(dy²), anishathalye's up to a factor
 * - `nine-point`: crowsonkb's, edges repeated: 2·(mean(dx²)/3 + mean(dy²)/3 + mean(d↘²)/12 + mean(d↙²)/12)
 *
 * Of a tile: its share, so that tiles add up. A difference belongs to its later pixel, so that a tile needs one pixel
 * around what is its own.
 */
export function totalVariation(
  b: GraphBuilder,
  x: Value,
  form: StyleSettings['tv'],
  tile?: TvTile,
): Value {
  const [, channels, h, w] = x.dims as [number, number, number, number];
  const { height, width } = tile?.whole ?? { height: h, width: w };
  if (form === 'nine-point') return ninePoint(b, x, channels * (height + 1) * (width + 1), tile);
  const [rows, columns] = tile?.own ?? [];
  const part = (axis: number, from: number, to: number) => b.slice(x, [axis], [from], [to]);
  const dx = b.sub(part(3, 1, w), part(3, 0, w - 1));
  const dy = b.sub(part(2, 1, h), part(2, 0, h - 1));
  const size = form === 'absolute' ? b.abs : b.square;
  const along = counted(b, size(dx), rows, columns && b.slice(columns, [3], [1], [w]));
  const down = counted(b, size(dy), rows && b.slice(rows, [2], [1], [h]), columns);
  switch (form) {
    case 'half-squares':
      return b.mul(b.add(along, down), 0.5);
    case 'absolute':
      return b.add(along, down);
    case 'mean-squares':
      return b.add(
        b.mul(along, 1 / (channels * height * Math.max(1, width - 1))),
        b.mul(down, 1 / (channels * Math.max(1, height - 1) * width)),
      );
  }
}

/** Sum of `x`, of the tile's own rows and columns only. */
function counted(b: GraphBuilder, x: Value, rows?: Value, columns?: Value): Value {
  return b.sum(rows && columns ? b.mul(b.mul(x, rows), columns) : x);
}

/** @param corners number of differences along a diagonal, of the whole picture */
function ninePoint(b: GraphBuilder, x: Value, corners: number, tile?: TvTile): Value {
  const padded = b.pad(x, [0, 0, 1, 1, 0, 0, 1, 1], 'edge');
  const [, channels, h, w] = x.dims as [number, number, number, number];
  const { height, width } = tile?.whole ?? { height: h, width: w };
  // Window of the padded image whose top left corner is moved by (top, left).
  const at = (top: number, left: number, rows: number, columns: number) =>
    b.slice(padded, [2, 3], [top, left], [top + rows, left + columns]);
  const [rows, columns] = tile?.own ?? [];
  // There is one difference more than pixels; beyond the picture's end it is the last pixel's tile's.
  const allRows = rows && b.pad(rows, [0, 0, 0, 0, 0, 0, 1, 0], 'edge');
  const allColumns = columns && b.pad(columns, [0, 0, 0, 0, 0, 0, 0, 1], 'edge');
  const mean = (count: number, a: Value, c: Value, ...own: [Value?, Value?]) =>
    b.mul(counted(b, b.square(b.sub(a, c)), ...own), 1 / count);
  const along = channels * height * (width + 1);
  const down = channels * (height + 1) * width;
  const parts = [
    b.mul(mean(along, at(1, 1, h, w + 1), at(1, 0, h, w + 1), rows, allColumns), 2 / 3),
    b.mul(mean(down, at(1, 1, h + 1, w), at(0, 1, h + 1, w), allRows, columns), 2 / 3),
    b.mul(
      mean(corners, at(1, 1, h + 1, w + 1), at(0, 0, h + 1, w + 1), allRows, allColumns),
      1 / 6,
    ),
    b.mul(
      mean(corners, at(1, 0, h + 1, w + 1), at(0, 1, h + 1, w + 1), allRows, allColumns),
      1 / 6,
    ),
  ];
  return parts.reduce((sum, part) => b.add(sum, part));
}
