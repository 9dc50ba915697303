/** Where to cut a picture, along one axis at a time. */
import type { Planes } from './pixels.ts';
import type { Margin } from './receptive.ts';

/** From `from` to before `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Window {
  /** What is read: as long as a tile. */
  readonly read: Span;
  /** What of the result is kept; windows' cores meet without a gap. */
  readonly core: Span;
}

/**
 * Windows of length `tile` whose cores cover `wanted`. Each core lies `margin` inside its window, except where the window
 * ends with the picture (0 or `size`): there the network pads as it would for the whole picture.
 *
 * @param given what there is to read, at least as long as a tile
 * @throws RangeError if a tile is not longer than its margins
 */
export function windowsAlong(
  size: number,
  wanted: Span,
  given: Span,
  tile: number,
  { before, after }: Margin,
): Window[] {
  if (tile < size && tile <= before + after) {
    throw new RangeError(`a tile of ${tile} is all margin (${before} and ${after})`);
  }
  const windows: Window[] = [];
  for (let at = wanted.from; at < wanted.to;) {
    const from = Math.max(given.from, Math.min(at - before, given.to - tile));
    const read = { from, to: from + tile };
    const clean = read.to === size ? size : read.to - after;
    const core = { from: at, to: Math.min(wanted.to, clean) };
    windows.push({ read, core });
    at = core.to;
  }
  return windows;
}

/** `core` and what its margin needs around it, within the picture. */
export function grown({ from, to }: Span, { before, after }: Margin, size: number): Span {
  return { from: Math.max(0, from - before), to: Math.min(size, to + after) };
}

export const lengthOf = ({ from, to }: Span): number => to - from;

/** A part of `planes`, whose first element lies at `origin` in the picture. */
export function crop(
  planes: Planes,
  origin: readonly [number, number],
  rows: Span,
  columns: Span,
): Planes {
  const [height, width] = [lengthOf(rows), lengthOf(columns)];
  const [top, left] = [rows.from - origin[0], columns.from - origin[1]];
  const data = new Float32Array(planes.channels * height * width);
  for (let c = 0; c < planes.channels; c++) {
    for (let y = 0; y < height; y++) {
      const from = (c * planes.height + top + y) * planes.width + left;
      data.set(planes.data.subarray(from, from + width), (c * height + y) * width);
    }
  }
  return { height, width, channels: planes.channels, data };
}
