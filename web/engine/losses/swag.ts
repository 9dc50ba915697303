/**
 * Activations smoothed by a softmax before they are compared (SWAG: Wang, Li, Vasconcelos 2021, "Rethinking and Improving
 * the Robustness of Image Style Transfer", arXiv:2104.05623, section 4). A residual network's activations are peaky, and
 * squared differences then see the peaks alone.
 */
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { sizeOf } from '../graph/tensor.ts';
import { activations } from './activations.ts';
import { gram, outerSum } from './gram.ts';
import type { ContentLoss, LayerContext, StyleLoss } from './loss.ts';

/** In the unit of the layer's activations, which is 1 no more. */
const plain = (layer: LayerContext): LayerContext => ({ ...layer, unit: 1 });

/** Gram matrices of smoothed activations (equation 9), compared as Gram matrices are. */
export const swag: StyleLoss = {
  ...gram,
  // The softmax is over the whole layer.
  tiled: false,
  sums: (b, features, layer, weights) => [
    outerSum(b, smoothed(b, features, layer, weights), weights),
  ],
  statistics: (b, sums, count, layer) => gram.statistics(b, sums, count, plain(layer)),
};

/** Squared differences of smoothed activations (equation 8). */
export const swagContent: ContentLoss = {
  ...activations,
  tiled: false,
  seen: (b, features, layer) => smoothed(b, features, layer),
  factor: (target, layer) => activations.factor(target, plain(layer)),
};

/**
 * softmax(F/T) over all channels and positions (equation 7), times their number: its mean is 1, where the softmax itself
 * would be of the order of 1e-6, and its Gram matrix of 1e-12.
 */
function smoothed(
  b: GraphBuilder,
  features: Value,
  { settings, unit }: LayerContext,
  weights?: Value,
): Value {
  const f = b.mul(features, unit / settings.temperature);
  const powers = b.exp(b.sub(f, b.max(b.detach(f))));
  const mean = weights
    ? b.div(b.sum(b.mul(b.reduceSum(powers, [1]), weights)), b.mul(b.sum(weights), f.dims[1]!))
    : b.mul(b.sum(powers), 1 / sizeOf(f.dims));
  return b.div(powers, mean);
}
