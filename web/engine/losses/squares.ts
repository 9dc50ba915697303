import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';

/** Keeps a target of zeros (a black picture) from dividing by nothing. */
export const TINY = 1e-12;

/** Sum over all elements of `x` [1, C, H, W], each position counting `weights` [1, 1, H, W]. Scalar. */
export function weightedSum(b: GraphBuilder, x: Value, weights: Value | undefined): Value {
  return b.sum(weights ? b.mul(b.reduceSum(x, [1]), weights) : x);
}

export function energy(values: Float32Array): number {
  return values.reduce((sum, x) => sum + x * x, 0);
}
