/** Pictures so thin that the network's pooling would leave nothing of them. */
import type { Layer } from '../../../shared/settings.ts';
import { ThinPictureError } from '../errors.ts';
import { GraphBuilder } from '../graph/builder.ts';
import { isMisfit } from '../networks/fitting.ts';
import type { FeatureNetwork } from '../networks/network.ts';

export interface Seen {
  /** What it is to the person. */
  readonly what: string;
  readonly width: number;
  readonly height: number;
  /** Layers that are taken of it. */
  readonly layers: readonly Layer[];
}

/** Enough for every network that halves five or six times. */
const AMPLE = 64;
/** No network that is of use here needs more. */
const MOST = 256;

/** Whether the network's layers can be computed on a picture of this size. */
function fits(network: FeatureNetwork, { width, height, layers }: Omit<Seen, 'what'>): boolean {
  const b = new GraphBuilder();
  const taps = [...new Set(layers.map(({ tap }) => tap))];
  try {
    network.tap(b, b.input('picture', [1, 3, height, width]), taps);
    return true;
  } catch (error) {
    // All else is said by whoever meets it.
    return !isMisfit(error);
  }
}

/** The network's least side for these layers in pixels; 0 if it cannot be told, as of a network for one size only. */
export function leastSide(network: FeatureNetwork, layers: readonly Layer[]): number {
  if (!fits(network, { layers, width: MOST, height: MOST })) return 0;
  let [low, high] = [1, MOST];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (fits(network, { layers, width: MOST, height: middle })) high = middle;
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
export function tooThin(network: FeatureNetwork, sizes: readonly (readonly Seen[])[]): number {
  const side = ({ width, height }: Seen) => Math.min(width, height);
  const thinAt = (seen: readonly Seen[]) =>
    seen.find((one) => side(one) < AMPLE && !fits(network, one));
  const first = sizes.findIndex((seen) => !thinAt(seen));
  if (first >= 0) return first;
  const thin = thinAt(sizes.at(-1)!)!;
  const { what, width, height } = thin;
  const least = leastSide(network, thin.layers);
  // Other sizes may not do for other reasons.
  if (side(thin) >= least) return 0;
  throw new ThinPictureError(
    `${what} is ${width} x ${height} pixels where it is painted; this network needs ${least} x ${least} at least`,
    'Crop it or repeat it until it is wide enough, paint larger, or choose a network with less pooling.',
  );
}
