/** Where a picture is cut for exact gradients, along one axis at a time. */
import type { Margin } from '../receptive.ts';
import type { Span } from '../tiles.ts';

/** A window of the picture and what it answers for. */
export interface Cut {
  /** First pixel of the window; all windows of an axis are equally long. */
  readonly from: number;
  /** Pixels, and positions of layers above them, that are this window's own: cores meet without a gap. */
  readonly core: Span;
}

export interface Axis {
  readonly size: number;
  /** Length of a window. */
  readonly length: number;
  readonly cuts: readonly Cut[];
}

export interface Grid {
  readonly rows: Axis;
  readonly columns: Axis;
}

export const tilesOf = ({ rows, columns }: Grid): number => rows.cuts.length * columns.cuts.length;

/**
 * Cuts an axis into windows of at most `longest` pixels that all look alike to the network: each begins at a multiple of
 * its `stride`, so that pooling windows and strided positions fall where they do in the whole picture, and each is as
 * long as the picture modulo `stride`, so that the last one ends with the picture. One program runs them all, and layers'
 * positions of a window are those of the picture, `from / stride of the layer` further on.
 *
 * Where a window ends inside the picture the network's own padding stands in for pixels that are there: what it spoils
 * lies in the margin, outside the core.
 *
 * @returns null if `longest` is all margin
 */
export function cutAxis(
  size: number,
  longest: number,
  stride: number,
  margin: Margin,
): Axis | null {
  if (longest >= size)
    return { size, length: size, cuts: [{ from: 0, core: { from: 0, to: size } }] };
  let length = longest - ((((longest - size) % stride) + stride) % stride);
  let cuts = cutBy(size, length, stride, margin);
  if (!cuts) return null;
  // As many as needed, none longer than needed.
  for (;;) {
    const shorter = cutBy(size, length - stride, stride, margin);
    if (shorter?.length !== cuts.length) return { size, length, cuts };
    length -= stride;
    cuts = shorter;
  }
}

function cutBy(
  size: number,
  length: number,
  stride: number,
  { before, after }: Margin,
): Cut[] | null {
  const cuts: Cut[] = [];
  for (let at = 0; at < size;) {
    const from = Math.floor(Math.max(0, Math.min(at - before, size - length)) / stride) * stride;
    const end = from + length;
    const to = end === size ? size : Math.floor((end - after) / stride) * stride;
    if (to <= at) return null;
    cuts.push({ from, core: { from: at, to } });
    at = to;
  }
  return cuts;
}

/** 1 for the window's own positions of a layer of this stride, else 0. `count`: positions of the layer in a window. */
export function ownPositions(
  { size }: Axis,
  { from, core }: Cut,
  stride: number,
  count: number,
): Float32Array {
  const first = (core.from - from) / stride;
  const last = core.to === size ? count : (core.to - from) / stride;
  return Float32Array.from({ length: count }, (_, i) => Number(i >= first && i < last));
}
