/** Batch normalisation folded into the convolution before it. */
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { castFloat, float32, toFloat32, type TensorData } from '../graph/tensor.ts';
import type { WeightMap } from './weights.ts';

const BN_EPSILON = 1e-5;

/** What a normalisation has learned, each [channels]. */
export interface Normalization {
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly epsilon: number;
}

/** Takes the four tensors of `norm` [channels] out of `weights`. */
export function takeNormalization(
  weights: WeightMap,
  norm: string,
  channels: number,
): Normalization {
  const part = (name: string) => toFloat32(weights.take(`${norm}.${name}`, [channels]));
  return {
    gamma: part('weight'),
    beta: part('bias'),
    mean: part('running_mean'),
    variance: part('running_var'),
    epsilon: BN_EPSILON,
  };
}

/**
 * At inference y = γ·(conv(x) + bias − μ)/√(σ²+ε) + β = factor·conv(x) + shift (Ioffe and Szegedy 2015,
 * arXiv:1502.03167, algorithm 2); `bias` is the convolution's own.
 */
export function foldedNormalization(
  { gamma, beta, mean, variance, epsilon }: Normalization,
  bias?: Float32Array | null,
): { readonly factor: Float32Array; readonly shift: Float32Array } {
  const factor = gamma.map((g, i) => g / Math.sqrt(variance[i]! + epsilon));
  return { factor, shift: beta.map((to, i) => to + ((bias?.[i] ?? 0) - mean[i]!) * factor[i]!) };
}

/** A kernel that the file keeps as 16 bit floats, in full precision. */
export const storedKernel = (b: GraphBuilder, kernel: TensorData, name: string): Value =>
  b.cast(b.initializer(castFloat(kernel, 'float16'), name), 'float32');

/**
 * The kernel times a factor for each output channel, which is stored beside it in full precision: rounding their
 * product to 16 bits would cost percents of the image gradient by the end of the third stage of ResNet50. Reading the
 * file multiplies them out.
 */
export const scaledKernel = (
  b: GraphBuilder,
  kernel: Value,
  factor: Float32Array,
  name: string,
): Value => b.mul(kernel, b.initializer(float32([factor.length, 1, 1, 1], factor), name));
