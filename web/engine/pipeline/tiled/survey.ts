/** What cutting a picture has to know of a network: how far its layers see, and how far apart their positions are. */
import { UnsupportedOperatorError } from '../../errors.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { reachable } from '../../graph/graph.ts';
import { reachesOf, type Margin, type Reach } from '../receptive.ts';
import { cutAxis, type Grid } from './grid.ts';
import { PIXELS, type Eye, type Size } from './passes.ts';

export type Stride = readonly [vertical: number, horizontal: number];

export interface Survey {
  /** Of each layer that is looked at, and of the pixels themselves. */
  readonly strides: ReadonlyMap<string, Stride>;
  /** Windows begin at multiples of this. */
  readonly stride: Stride;
  readonly margins: readonly [vertical: Margin, horizontal: Margin];
}

/** Throws UnsupportedOperatorError where a layer looks at the whole picture. */
export function survey({ network, layers, settings }: Eye, { height, width }: Size): Survey {
  const b = new GraphBuilder();
  const x = b.input('x', [1, 3, height, width]);
  const names = [...new Set([...layers.style, ...layers.content].map(({ tap }) => tap))];
  const taps = network.tap(b, x, names, settings);
  const reaches = reachesOf({ inputs: [x], nodes: reachable(b.nodes, [...taps.values()]) });
  const strides = new Map<string, Stride>([[PIXELS, [1, 1]]]);
  for (const [tap, value] of taps) {
    const [vertical, horizontal] = reaches.get(value)!;
    strides.set(tap, [vertical.stride, horizontal.stride]);
  }
  const along = (axis: 0 | 1) => {
    const all = [...reaches.values()].map((reach) => reach[axis]);
    const stride = all.map((reach) => reach.stride).reduce(commonMultiple);
    return { stride, margin: marginOf([...taps.values()].map((tap) => reaches.get(tap)![axis])) };
  };
  const [vertical, horizontal] = [along(0), along(1)];
  return {
    strides,
    stride: [vertical.stride, horizontal.stride],
    margins: [vertical.margin, horizontal.margin],
  };
}

/** A core is a multiple of every stride, so its last position looks from `stride` before its end. At least one pixel, for the total variation. */
function marginOf(reaches: readonly Reach[]): Margin {
  return {
    before: Math.max(1, ...reaches.map(({ low }) => -low)),
    after: Math.max(1, ...reaches.map(({ high, stride }) => high + 1 - stride)),
  };
}

function commonMultiple(a: number, b: number): number {
  if (!Number.isInteger(b)) {
    throw new UnsupportedOperatorError(
      'a network that enlarges in between cannot be cut into tiles',
      'Choose a smaller size, or another network.',
    );
  }
  const divisor = (x: number, y: number): number => (y === 0 ? x : divisor(y, x % y));
  return (a * b) / divisor(a, b);
}

/** Tiles of at most `side` pixels either way; null if that is all margin. */
export function gridOf(
  { stride, margins }: Survey,
  { height, width }: Size,
  side: number,
): Grid | null {
  const rows = cutAxis(height, side, stride[0], margins[0]);
  const columns = cutAxis(width, side, stride[1], margins[1]);
  return rows && columns && { rows, columns };
}
