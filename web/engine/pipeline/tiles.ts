/** Where to cut a picture, along one axis at a time. */
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
