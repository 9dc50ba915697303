/** Style loss: squared differences of Gram matrices (Gatys et al. 2016, CVPR, section 2.2, equations 3 to 5). */
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import type { StyleLoss } from './loss.ts';
import { TINY } from './squares.ts';

/** Few columns for each product keep the long sum over H·W from running on a handful of GPU threads. */
const GPU_COLUMNS = 1024;
/** Enough output elements to fill a GPU without splitting. */
const GPU_ENOUGH_OUTPUTS = 256 * 256;

/**
 * Gram matrix F·Fᵀ divided by H·W (`hw`), C·H·W (`chw`) or nothing, and of two of them the sum of (G − A)² over the C²
 * elements, or its mean, or its ratio to ΣA², which makes all networks alike.
 */
export const gram: StyleLoss = {
  tiled: true,

  sums: (b, features, { split }, weights) => [outerSum(b, features, split, weights)],

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

/**
 * ΣF·Fᵀ over positions, weighted or not. `features`: [1, C, H, W]; returns [C, C].
 *
 * With `split` the sum is cut into batches: a C x HW by HW x C product has few outputs and a very long inner sum, which
 * starves a GPU.
 */
export function outerSum(b: GraphBuilder, features: Value, split: boolean, weights?: Value): Value {
  const [, c, h, w] = features.dims as [number, number, number, number];
  const positions = h * w;
  // The root on either side keeps it the product of one matrix with itself, whose gradient is one product, not two.
  const counted = weights ? b.mul(features, b.sqrt(weights)) : features;
  const f = b.reshape(counted, [c, positions]);
  const batches =
    split && c * c < GPU_ENOUGH_OUTPUTS ? divisorNear(positions, positions / GPU_COLUMNS) : 1;
  if (batches === 1) return b.matMul(f, b.transposeLast(f));
  const cut = b.transpose(b.reshape(f, [c, batches, positions / batches]), [1, 0, 2]);
  return b.reduceSum(b.matMul(cut, b.transposeLast(cut)), [0], false);
}

/** The divisor of `n` nearest to `wanted`. */
export function divisorNear(n: number, wanted: number): number {
  let best = 1;
  for (let d = 1; d <= n; d++) {
    if (n % d === 0 && Math.abs(d - wanted) < Math.abs(best - wanted)) best = d;
  }
  return best;
}
