/** A convolution as weight files hold it. */
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { castFloat, float32 } from '../graph/tensor.ts';
import {
  foldedNormalization,
  scaledKernel,
  storedKernel,
  takeNormalization,
} from './normalization.ts';
import type { WeightMap } from './weights.ts';

export interface ConvolutionShape {
  readonly stride: number;
  readonly pad: number;
  /** Kernel height and width; left out: any. */
  readonly size?: number;
  /** Name of a batch normalisation that follows, where the convolution has no bias of its own. */
  readonly norm?: string;
}

/**
 * The convolution `name` with its bias, in full precision from half-precision kernels: one kernel, or, in a lite
 * network, a product of small ones with nothing in between (1x1 `name.reduce`, `name` itself, 1x1 `name.expand`: low
 * rank in place of fewer channels; Zhang et al. 2015, arXiv:1505.06798).
 *
 * A batch normalisation is folded in.
 */
export function convolution(
  b: GraphBuilder,
  x: Value,
  weights: WeightMap,
  name: string,
  { stride, pad, size, norm }: ConvolutionShape,
): Value {
  let h = x;
  if (weights.has(`${name}.reduce.weight`)) {
    h = b.conv(h, kernelOf(b, weights, `${name}.reduce`, x.dims[1]!, 1), null);
  }
  const window = { strides: [stride, stride], pads: [pad, pad, pad, pad] };
  const kernel = kernelOf(b, weights, name, h.dims[1]!, size);
  if (weights.has(`${name}.expand.weight`)) {
    h = b.conv(h, kernel, null, window);
    const expand = kernelOf(b, weights, `${name}.expand`, h.dims[1]!, 1);
    return b.conv(h, expand, biasOf(b, weights, name, expand.dims[0]!));
  }
  const channels = kernel.dims[0]!;
  if (norm === undefined || weights.has(`${name}.bias`)) {
    return b.conv(h, kernel, biasOf(b, weights, name, channels), window);
  }
  const { factor, shift } = foldedNormalization(takeNormalization(weights, norm, channels));
  const scaled = scaledKernel(b, kernel, factor, `${norm}.factor`);
  return b.conv(h, scaled, b.initializer(float32([channels], shift), `${norm}.shift`), window);
}

function kernelOf(
  b: GraphBuilder,
  weights: WeightMap,
  name: string,
  channels: number,
  size?: number,
): Value {
  const any = size ?? null;
  const kernel = weights.take(`${name}.weight`, [null, channels, any, any]);
  return storedKernel(b, kernel, `${name}.weight`);
}

function biasOf(b: GraphBuilder, weights: WeightMap, name: string, channels: number): Value {
  return b.initializer(
    castFloat(weights.take(`${name}.bias`, [channels]), 'float32'),
    `${name}.bias`,
  );
}
