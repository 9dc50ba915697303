import { GraphBuilder } from '../graph/builder.ts';
import type { Graph, Value } from '../graph/graph.ts';
import {
  BEST_STATE,
  clipNorm,
  keepBest,
  type Objective,
  type OptimizerOptions,
} from './optimizer.ts';

/** [input, output] of what goes from step to step. */
export const STATE = [
  ['x', 'x_next'],
  ['g', 'g_next'],
  ['s', 's_next'],
  ['y', 'y_next'],
  ...BEST_STATE,
] as const;
/** Stored pairs, a row each. */
export const MEMORY = ['S', 'Y'];

/**
 * One step of L-BFGS as one graph: x' = x + t·(σ·S + η·Y + γ·g), the evaluation at x', and all inner products the
 * next direction needs. The coefficients come in from the host; see history.ts.
 */
export function lbfgsGraph(
  objective: Objective,
  dims: readonly number[],
  options: OptimizerOptions,
): Graph {
  const n = dims.reduce((product, dim) => product * dim, 1);
  const m = options.history;
  const b = new GraphBuilder();
  const x = b.input('x', dims);
  const g = b.input('g', [1, n]);
  // The last pair is state only so that it can be written into the memory.
  for (const name of ['s', 'y']) b.input(name, [1, n]);
  const [S, Y] = MEMORY.map((name) => b.input(name, [m, n])) as [Value, Value];
  const [sigma, eta] = ['sigma', 'eta'].map((name) => b.input(name, [1, m])) as [Value, Value];
  const gamma = b.input('gamma', []);
  const t = b.input('t', []);
  const d = b.add(b.add(b.matMul(sigma, S), b.matMul(eta, Y)), b.mul(g, gamma));
  const sNext = b.mul(d, t);
  const moved = b.add(x, b.reshape(sNext, dims));
  const xNext = options.range ? b.clip(moved, ...options.range) : moved;
  const { total, parts, gradient } = objective(b, xNext);
  const gNext = b.reshape(clipNorm(b, gradient, options.gradientClip), [1, n]);
  const yNext = b.sub(gNext, g);
  const fresh = b.concat([sNext, yNext, gNext], 0);
  const products = (left: Value) => b.op('Gemm', [left, fresh], { transB: 1 });
  b.output(xNext, 'x_next');
  b.output(gNext, 'g_next');
  b.output(sNext, 's_next');
  b.output(yNext, 'y_next');
  keepBest(b, xNext, total);
  b.output(parts, 'losses');
  b.output(products(S), 'with_s');
  b.output(products(Y), 'with_y');
  b.output(products(fresh), 'fresh');
  b.output(b.sum(b.abs(gNext)), 'g_abs');
  return b.build();
}
