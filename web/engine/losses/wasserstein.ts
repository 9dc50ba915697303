/**
 * Style loss: the squared 2-Wasserstein distance between a layer's activations in the image and in the style, each taken
 * for a Gaussian: |μ − μ̂|² + tr(Σ + Σ̂ − 2(Σ̂^½ Σ Σ̂^½)^½) (Dowson and Landau 1982, "The Fréchet distance between multivariate
 * normal distributions", equation 4; as a style loss in crowsonkb/style-transfer-pytorch).
 */
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { outerSum } from './gram.ts';
import type { StyleLoss } from './loss.ts';
import { relativeForm, sumOverPositions } from './moments.ts';
import { covariance, diagonal, rootOf, traceOfRoot } from './root.ts';

/**
 * Statistics are the mean [C, 1] and the second raw moment F·Fᵀ/(H·W) [C, C], which, unlike a covariance, blends linearly.
 * The distance is divided by C (`mean`), left as it is (`sum`), or divided by the target's energy (`relative`).
 */
export const wasserstein: StyleLoss = {
  tiled: true,

  sums: (b, features, _layer, weights) => [
    sumOverPositions(b, features, weights),
    outerSum(b, features, weights),
  ],

  statistics: (b, [sum, outer], count, { unit }) => [
    b.mul(sum!, unit / count),
    b.mul(outer!, unit ** 2 / count),
  ],

  target: (b, [mean, second]) => {
    const sigma = covariance(b, mean!, second!);
    return [mean!, rootOf(b, sigma), trace(b, sigma)];
  },

  compare: (b, [mean, second], [meanWanted, root, traceWanted], { settings }) => {
    const sigma = covariance(b, mean!, second!);
    const overlap = traceOfRoot(b, sigma, root!);
    const traces = b.add(trace(b, sigma), traceWanted!);
    const means = b.sum(b.square(b.sub(mean!, meanWanted!)));
    const distance = b.add(means, b.sub(traces, b.mul(overlap, 2)));
    const energy = () => b.add(b.sum(b.square(meanWanted!)), traceWanted!);
    return relativeForm(b, distance, mean!.dims[0]!, energy, settings.styleLoss);
  },
};

const trace = (b: GraphBuilder, x: Value): Value => b.sum(diagonal(b, x));
