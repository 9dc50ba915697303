/** Style loss: squared differences of Gram matrices (Gatys et al. 2016, CVPR, section 2.2, equations 3 to 5). */
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import type { StyleLoss } from './loss.ts';
import { TINY } from './squares.ts';

/**
 * Gram matrix F·Fᵀ divided by H·W (`hw`), C·H·W (`chw`) or nothing, and of two of them the sum of (G − A)² over the C²
 * elements, or its mean, or its ratio to ΣA², which makes all networks alike.
 */
export const gram: StyleLoss = {
  tiled: true,

  sums: (b, features, _layer, weights) => [outerSum(b, features, weights)],

  statistics: (b, [sum], count, { settings, unit }) => {
    const channels = settings.gram === 'chw' ? sum!.dims[0]! : 1;
    const divisor = settings.gram === 'none' ? 1 : channels * count;
    return [scaled(b, sum!, unit ** 2 / divisor)];
  },

  target: (_b, statistics) => statistics,

  compare: (b, [found], [wanted], { settings }) => {
    const squares = b.square(b.sub(found!, wanted!));
    switch (settings.styleLoss) {
      case 'mean':
        return b.mean(squares);
      case 'sum':
        return b.sum(squares);
      case 'relative':
        return b.div(b.sum(squares), b.add(b.sum(b.square(wanted!)), TINY));
    }
  },
};

const scaled = (b: GraphBuilder, x: Value, factor: number): Value =>
  factor === 1 ? x : b.mul(x, factor);

/** ΣF·Fᵀ over positions, weighted or not. `features`: [1, C, H, W]; returns [C, C]. */
export function outerSum(b: GraphBuilder, features: Value, weights?: Value): Value {
  const [, c, h, w] = features.dims as [number, number, number, number];
  // The root on either side keeps it the product of one matrix with itself, whose gradient is one product, not two.
  const counted = weights ? b.mul(features, b.sqrt(weights)) : features;
  const f = b.reshape(counted, [c, h * w]);
  return b.matMul(f, b.transposeLast(f));
}
