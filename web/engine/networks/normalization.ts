import { toFloat32 } from '../graph/tensor.ts';
import type { WeightMap } from './weights.ts';

const BN_EPSILON = 1e-5;

/**
 * Batch normalisation at inference: y = factor·x + bias with factor = γ/√(σ²+ε), bias = β − μ·factor
 * (Ioffe and Szegedy 2015, arXiv:1502.03167, algorithm 2). Takes the four tensors of `norm` [channels] out of `weights`.
 */
export function normalization(
  weights: WeightMap,
  norm: string,
  channels: number,
): { readonly factor: Float32Array; readonly bias: Float32Array } {
  const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
    (part) => toFloat32(weights.take(`${norm}.${part}`, [channels])),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const factor = gamma.map((g, i) => g / Math.sqrt(variance[i]! + BN_EPSILON));
  return { factor, bias: beta.map((shift, i) => shift - mean[i]! * factor[i]!) };
}
