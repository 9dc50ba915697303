import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import type { OptimizerState } from './state.ts';

/** Losses of one evaluation, each part with its weight already in it. */
export interface Losses {
  readonly total: number;
  readonly content: number;
  readonly style: number;
  readonly tv: number;
}

/** What an objective adds to a graph. */
export interface Evaluation {
  /** Scalar. */
  readonly total: Value;
  /** [4]: total, content, style, total variation. */
  readonly parts: Value;
  /** dL/dx, dims of x. */
  readonly gradient: Value;
}

/** Writes loss and gradient at `x` ([1, 3, H, W], in units of the pixel range) into a graph. */
export type Objective = (b: GraphBuilder, x: Value) => Evaluation;

export interface OptimizerOptions {
  readonly learningRate: number;
  readonly betas: readonly [number, number];
  readonly history: number;
  readonly lineSearch: 'none' | 'strong-wolfe';
  /** Largest Euclidean norm of the gradient; 0: no clipping. */
  readonly gradientClip: number;
  readonly stepControl: boolean;
  /** Steps between two interventions of step control at least, so that as many may be under way unread; else 1. */
  readonly controlWindow?: number;
  /** [low, high] the image is kept in after every step, or null. */
  readonly range: readonly [number, number] | null;
  /** Decay of the running average of the iterates; 0: none. */
  readonly averaging: number;
}

/** What Adam knows of the gradients so far, in the dims of the image. */
export interface Moments {
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** Steps that they have seen. */
  readonly age: number;
}

/** A running optimisation. One `step()` is one evaluation and one update. */
export interface Optimizer {
  step(): Promise<void>;
  /** Losses of the steps since the last flush, in order; waits for them. */
  flush(): Promise<Losses[]>;
  /** The image to show and keep: the average where there is one, else the iterate. */
  image(): Promise<Float32Array>;
  /** The image with the lowest loss so far. */
  best(): Promise<Float32Array>;
  /** What a run at another size can go on with; only of optimisers that have such. */
  moments?(): Promise<Moments>;
  /** Begins with these, in the dims of the image; before the first step. */
  goOn?(moments: Moments): void;
  /** All that the next step depends on. Every step has been flushed. */
  snapshot(): Promise<OptimizerState>;
  /** Goes on from a snapshot of the same optimiser. Throws InvalidRequestError if it is of another size or kind. */
  restore(state: OptimizerState): void;
  dispose(): void;
}

/** g scaled down to at most `limit` in Euclidean norm (Pascanu et al. 2013, arXiv:1211.5063, algorithm 1). */
export function clipNorm(b: GraphBuilder, g: Value, limit: number): Value {
  if (limit === 0) return g;
  const norm = b.sqrt(b.sum(b.square(g)));
  return b.mul(g, b.min(b.div(limit, b.add(norm, 1e-12)), 1));
}

export const toLosses = ([total, content, style, tv]:
  Float32Array | readonly number[]): Losses => ({
  total: total!,
  content: content!,
  style: style!,
  tv: tv!,
});

/** Stands for "no loss yet"; finite, so that it survives any runtime. */
export const NO_LOSS = 3e38;

/** The image with the lowest loss so far, kept in the graph: inputs `best`, `best_loss`, outputs `best_next`, `best_loss_next`. */
export function keepBest(b: GraphBuilder, x: Value, total: Value): void {
  const best = b.input('best', x.dims);
  const bestLoss = b.input('best_loss', [1]);
  // NaN is not less than anything, so a run that broke keeps its best image.
  const better = b.less(total, bestLoss);
  b.output(b.where(b.reshape(better, [1, 1, 1, 1]), x, best), 'best_next');
  b.output(b.where(better, total, bestLoss), 'best_loss_next');
}

export const BEST_STATE = [
  ['best', 'best_next'],
  ['best_loss', 'best_loss_next'],
] as const;
