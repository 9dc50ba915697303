import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { toFloat32, type TensorData } from '../graph/tensor.ts';

export type SquaredError = 'mean' | 'sum' | 'half-sum' | 'relative';

/** Keeps a target of zeros (a black picture) from dividing by nothing. */
const TINY = 1e-12;

/** Squared differences from a constant, reduced to a scalar; `relative` divides their sum by the target's. */
export function squaredError(
  b: GraphBuilder,
  value: Value,
  target: TensorData,
  form: SquaredError,
): Value {
  const squares = b.square(b.sub(value, b.initializer(target, 'target')));
  switch (form) {
    case 'mean':
      return b.mean(squares);
    case 'sum':
      return b.sum(squares);
    case 'half-sum':
      return b.mul(b.sum(squares), 0.5);
    case 'relative':
      return b.mul(b.sum(squares), 1 / (energy(target) + TINY));
  }
}

function energy(target: TensorData): number {
  return toFloat32(target).reduce((sum, x) => sum + x * x, 0);
}
