/**
 * Style loss: the squared 2-Wasserstein distance between a layer's activations in the image and in the style, each taken
 * for a Gaussian: |μ − μ̂|² + tr(Σ + Σ̂ − 2(Σ̂^½ Σ Σ̂^½)^½) (Dowson and Landau 1982, "The Fréchet distance between multivariate
 * normal distributions", equation 4; as a style loss in crowsonkb/style-transfer-pytorch).
 */
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { float32, outline, toFloat32 } from '../graph/tensor.ts';
import { outerSum } from './gram.ts';
import type { StyleLoss } from './loss.ts';
import { TINY } from './squares.ts';
import { relativeForm, sumOverPositions } from './moments.ts';
import {
  covariance,
  leadingDirections,
  REGULARISATION,
  rootOf,
  trace,
  traceOfRoot,
} from './root.ts';

/**
 * Statistics are the mean [C, 1] and the second raw moment F·Fᵀ/(H·W) [C, C], which, unlike a covariance, blends linearly.
 * The distance is divided by C (`mean`), left as it is (`sum`), or divided by the target's energy (`relative`).
 *
 * Roots of C x C matrices cost more than a small network. With `directions` only so many leading ones of the style are
 * compared in full; of what varies beyond them the sum of variances is, as if it were alike in all directions.
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

  target: (b, [mean, second], { settings }) => {
    const sigma = covariance(b, mean!, second!);
    const { directions } = settings;
    if (directions === 0 || directions >= sigma.dims[0]!)
      return [mean!, trace(b, sigma), rootOf(b, sigma)];
    const basis = basisOf(b, mean!, second!, directions);
    const inside = within(b, sigma, basis);
    return [mean!, trace(b, sigma), rootOf(b, inside), basis, beyond(b, sigma, inside)];
  },

  compare: (b, [mean, second], target, { settings }) => {
    const [meanWanted, traceWanted, root, basis, beyondWanted] = target;
    const sigma = covariance(b, mean!, second!);
    const inside = basis ? within(b, sigma, basis) : sigma;
    let overlap = traceOfRoot(b, inside, root!);
    if (basis) overlap = b.add(overlap, b.sqrt(b.mul(beyond(b, sigma, inside), beyondWanted!)));
    const traces = b.add(trace(b, sigma), traceWanted!);
    const means = b.sum(b.square(b.sub(mean!, meanWanted!)));
    const distance = b.add(means, b.sub(traces, b.mul(overlap, 2)));
    const energy = () => b.add(b.sum(b.square(meanWanted!)), traceWanted!);
    return relativeForm(b, distance, mean!.dims[0]!, energy, settings.styleLoss);
  },
};

/** Of measured statistics, or only its dims where they have no more themselves. */
function basisOf(b: GraphBuilder, mean: Value, second: Value, directions: number): Value {
  const size = mean.dims[0]!;
  const dims = [size, directions];
  if (!mean.data || !second.data) throw new TypeError('a target is made of measured statistics');
  if (second.data.bytes.length === 0) return b.initializer(outline(dims));
  const [first, moments] = [toFloat32(mean.data), toFloat32(second.data)];
  const sigma = Float64Array.from(moments, (value, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    return value - first[i]! * first[j]! + (i === j ? REGULARISATION : 0);
  });
  return b.initializer(float32(dims, leadingDirections(sigma, size, directions)), 'basis');
}

/** UᵀΣU. */
const within = (b: GraphBuilder, sigma: Value, basis: Value): Value =>
  b.matMul(b.transposeLast(basis), b.matMul(sigma, basis));

/** Variance outside of the directions of `inside`. Rounding can leave it below zero. */
const beyond = (b: GraphBuilder, sigma: Value, inside: Value): Value =>
  b.add(b.relu(b.sub(trace(b, sigma), trace(b, inside))), TINY);
