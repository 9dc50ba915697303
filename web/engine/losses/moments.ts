/**
 * Style loss: each channel's mean and standard deviation (Li et al. 2017, "Demystifying Neural Style Transfer",
 * arXiv:1701.01036, section 4.2, "BN statistics matching", equation 12). Cheap: nothing is multiplied but channels by
 * themselves.
 */
import type { StyleSettings } from '../../../shared/settings.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import type { StyleLoss } from './loss.ts';
import { REGULARISATION } from './root.ts';
import { TINY } from './squares.ts';

/**
 * Statistics are the mean and the second raw moment of each channel, [C, 1]. |μ − μ̂|² + |σ − σ̂|² is divided by C (`mean`),
 * left as it is (`sum`), or divided by the target's energy (`relative`).
 */
export const moments: StyleLoss = {
  tiled: true,

  sums: (b, features, _layer, weights) => [
    sumOverPositions(b, features, weights),
    sumOverPositions(b, b.square(features), weights),
  ],

  statistics: (b, [sum, squares], count, { unit }) => [
    b.mul(sum!, unit / count),
    b.mul(squares!, unit ** 2 / count),
  ],

  target: (b, [mean, second]) => [mean!, deviation(b, mean!, second!)],

  compare: (b, [mean, second], [meanWanted, deviationWanted], { settings }) => {
    const apart = (x: Value, y: Value) => b.sum(b.square(b.sub(x, y)));
    const deviations = apart(deviation(b, mean!, second!), deviationWanted!);
    const distance = b.add(apart(mean!, meanWanted!), deviations);
    const energy = () => b.add(b.sum(b.square(meanWanted!)), b.sum(b.square(deviationWanted!)));
    return relativeForm(b, distance, mean!.dims[0]!, energy, settings.styleLoss);
  },
};

function deviation(b: GraphBuilder, mean: Value, second: Value): Value {
  // Rounding can leave the variance of a flat channel below zero.
  const variance = b.relu(b.sub(second, b.square(mean)));
  return b.sqrt(b.add(variance, REGULARISATION));
}

/** ΣF over positions, weighted or not. `features`: [1, C, H, W]; returns [C, 1]. */
export function sumOverPositions(b: GraphBuilder, features: Value, weights?: Value): Value {
  const counted = weights ? b.mul(features, weights) : features;
  return b.reshape(b.reduceSum(b.reduceSum(counted, [3]), [2]), [features.dims[1]!, 1]);
}

/** A distance summed over channels, as a mean, as it is, or relative to the target's energy. */
export function relativeForm(
  b: GraphBuilder,
  distance: Value,
  channels: number,
  energy: () => Value,
  form: StyleSettings['styleLoss'],
): Value {
  switch (form) {
    case 'mean':
      return b.mul(distance, 1 / channels);
    case 'sum':
      return distance;
    case 'relative':
      return b.div(distance, b.add(energy(), TINY));
  }
}
