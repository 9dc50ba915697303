/** Pictures so thin that the network's pooling would leave nothing of them. */
import { InvalidModelError, ThinPictureError } from '../errors.ts';
import { GraphBuilder } from '../graph/builder.ts';
import type { FeatureNetwork } from '../networks/network.ts';
import type { ChosenLayers } from './layers.ts';

export interface Seen {
  /** What it is to the person. */
  readonly what: string;
  readonly width: number;
  readonly height: number;
}

/** Enough for every network that halves five or six times. */
const AMPLE = 64;
/** No network that is of use here needs more. */
const MOST = 256;

/** Whether the network's layers can be computed on a picture of this size. */
function fits(
  network: FeatureNetwork,
  taps: readonly string[],
  width: number,
  height: number,
): boolean {
  const b = new GraphBuilder();
  try {
    network.tap(b, b.input('picture', [1, 3, height, width]), taps);
    return true;
  } catch (error) {
    // Shapes that fit nothing; all else is said by whoever meets it.
    if (error instanceof InvalidModelError && error.cause instanceof RangeError) return false;
    return true;
  }
}

/**
 * The network's least side for these layers in pixels; 0 if it cannot be told, as of a network for one size only.
 */
function leastSide(network: FeatureNetwork, taps: readonly string[]): number {
  if (!fits(network, taps, MOST, MOST)) return 0;
  let [low, high] = [1, MOST];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (fits(network, taps, MOST, middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * How many of the sizes, from the coarsest on, are too small for the network: a run can do without those.
 *
 * @param sizes at each, the pictures as the network will see them
 * @throws ThinPictureError if one is too thin at the last size, too
 */
export function tooThin(
  network: FeatureNetwork,
  layers: ChosenLayers,
  sizes: readonly (readonly Seen[])[],
): number {
  const taps = [...new Set([...layers.style, ...layers.content].map(({ tap }) => tap))];
  const thinAt = (seen: readonly Seen[]) =>
    seen.find(
      ({ width, height }) => Math.min(width, height) < AMPLE && !fits(network, taps, width, height),
    );
  const first = sizes.findIndex((seen) => !thinAt(seen));
  if (first >= 0) return first;
  const { what, width, height } = thinAt(sizes.at(-1)!)!;
  const least = leastSide(network, taps);
  if (least === 0) return 0;
  throw new ThinPictureError(
    `${what} is ${width} x ${height} pixels where it is painted; this network needs ${least} x ${least} at least`,
    'Crop it or repeat it until it is wide enough, paint larger, or choose a network with less pooling.',
  );
}
