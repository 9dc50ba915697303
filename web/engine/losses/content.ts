/** Content loss: squared differences of activations (Gatys et al. 2016, CVPR, section 2.1, equation 1). */
import type { StyleSettings } from '../../../shared/settings.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import type { TensorData } from '../graph/tensor.ts';
import { squaredError } from './squares.ts';

/** Mean of (F − P)² over all elements, or the paper's half of the sum, or the sum's ratio to ΣP². Scalar. */
export function contentLoss(
  b: GraphBuilder,
  features: Value,
  target: TensorData,
  form: StyleSettings['contentLoss'],
): Value {
  return squaredError(b, features, target, form);
}
