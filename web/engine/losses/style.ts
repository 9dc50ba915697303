/** Style loss: squared differences of Gram matrices (Gatys et al. 2016, CVPR, section 2.2, equations 3 to 5). */
import type { StyleSettings } from '../../../shared/settings.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import type { TensorData } from '../graph/tensor.ts';
import { squaredError } from './squares.ts';

/** Few columns for each product keep the long sum over H·W from running on a handful of GPU threads. */
const GPU_COLUMNS = 1024;
/** Enough output elements to fill a GPU without splitting. */
const GPU_ENOUGH_OUTPUTS = 256 * 256;

/**
 * F·Fᵀ divided by H·W (`hw`), C·H·W (`chw`) or nothing. `features`: [1, C, H, W]; returns [C, C].
 *
 * With `split` the sum over H·W is cut into batches: a C x HW by HW x C product has few outputs and a very long
 * inner sum, which starves a GPU.
 */
export function gramMatrix(
  b: GraphBuilder,
  features: Value,
  divideBy: StyleSettings['gram'],
  split = false,
): Value {
  const [, c, h, w] = features.dims as [number, number, number, number];
  const positions = h * w;
  const divisor = divideBy === 'none' ? 1 : divideBy === 'hw' ? positions : c * positions;
  const f = b.reshape(features, [c, positions]);
  const batches =
    split && c * c < GPU_ENOUGH_OUTPUTS ? divisorNear(positions, positions / GPU_COLUMNS) : 1;
  const gram = batches === 1 ? b.matMul(f, b.transposeLast(f)) : splitGram(b, f, batches);
  return divisor === 1 ? gram : b.mul(gram, 1 / divisor);
}

function splitGram(b: GraphBuilder, f: Value, batches: number): Value {
  const [c, positions] = f.dims as [number, number];
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

/** Sum of (G − A)² over the C² elements, or its mean, or its ratio to ΣA², which makes all networks alike. Scalar. */
export function styleLoss(
  b: GraphBuilder,
  gram: Value,
  target: TensorData,
  form: StyleSettings['styleLoss'],
): Value {
  return squaredError(b, gram, target, form);
}
