/** SRGAN's generator, SRResNet (Ledig et al. 2017, arXiv:1609.04802, figure 4), at any width and depth. */
import type { GraphBuilder } from '../../web/engine/graph/builder.ts';
import { float } from '../../web/engine/graph/writer.ts';
import type { Value } from '../../web/engine/graph/graph.ts';
import { float32, toFloat32 } from '../../web/engine/graph/tensor.ts';
import {
  foldedNormalization,
  scaledKernel,
  storedKernel,
  takeNormalization,
} from '../../web/engine/networks/normalization.ts';
import { trunkEnd } from '../../web/engine/networks/upscaler.ts';
import type { WeightMap } from '../../web/engine/networks/weights.ts';

/** Left over in training checkpoints. */
export const SRRESNET_IGNORED = /\.num_batches_tracked$/;

/** A convolution, and the normalisation and PReLU after it where the file has them. */
interface Part {
  readonly conv: string;
  readonly norm?: string;
  readonly slope?: string;
}

type Padding = 'zero' | 'reflect';

interface Layout {
  readonly head: Part;
  readonly blocks: readonly (readonly [Part, Part])[];
  readonly second: Part;
  /** Each followed by a pixel shuffle that doubles the size, then its PReLU. */
  readonly ups: readonly Part[];
  readonly tail: Part;
  /** Of everything but the residual blocks, whose padding is zero in all three programs. */
  readonly padding: Padding;
  /** What turns the last convolution's y into RGB 0..1: (y + 1)/2, after tanh or not. */
  readonly output: 'linear' | 'tanh';
}

/** As long as `part(i)` is in the file. */
function series<T>(
  weights: WeightMap,
  first: number,
  key: (i: number) => string,
  part: (i: number) => T,
): T[] {
  const parts: T[] = [];
  for (let i = first; weights.has(key(i)); i++) parts.push(part(i));
  return parts;
}

/**
 * mseitzer/srgan, models/srresnet.py: the blocks pad with zeros although the rest reflects, because `SRResNet` does not
 * hand `padding` on to `ResBlock`; the output is linear, trained against -1..1.
 */
function mseitzer(weights: WeightMap): Layout {
  const blocks = series(
    weights,
    0,
    (i) => `body.${i}.block.1.weight`,
    (i) =>
      [
        { conv: `body.${i}.block.1`, norm: `body.${i}.block.2`, slope: `body.${i}.block.3` },
        { conv: `body.${i}.block.5`, norm: `body.${i}.block.6` },
      ] as const,
  );
  const after = blocks.length;
  return {
    head: { conv: 'initial_conv.1', slope: 'initial_conv.2' },
    blocks,
    second: { conv: `body.${after + 1}`, norm: `body.${after + 2}` },
    ups: series(
      weights,
      0,
      (i) => `upsample.${4 * i + 1}.weight`,
      (i) => ({ conv: `upsample.${4 * i + 1}`, slope: `upsample.${4 * i + 3}` }),
    ),
    tail: { conv: 'final_conv.1' },
    padding: 'reflect',
    output: 'linear',
  };
}

/** leftthomas/SRGAN, model.py; lite-sr has its names too, and says in its metadata where it differs. */
function leftthomas(weights: WeightMap): Layout {
  const { padding = 'zero', output = 'tanh' } = weights.metadata;
  const blocks = series(
    weights,
    2,
    (i) => `block${i}.conv1.weight`,
    (i) =>
      [
        { conv: `block${i}.conv1`, norm: `block${i}.bn1`, slope: `block${i}.prelu` },
        { conv: `block${i}.conv2`, norm: `block${i}.bn2` },
      ] as const,
  );
  const [second, tail] = [`block${blocks.length + 2}`, `block${blocks.length + 3}`];
  const ups = series(
    weights,
    0,
    (i) => `${tail}.${i}.conv.weight`,
    (i) => ({ conv: `${tail}.${i}.conv`, slope: `${tail}.${i}.prelu` }),
  );
  const normalized = weights.has(`${second}.1.running_mean`);
  return {
    head: { conv: 'block1.0', slope: 'block1.1' },
    blocks,
    second: { conv: `${second}.0`, [normalized ? 'norm' : 'slope']: `${second}.1` },
    ups,
    tail: { conv: `${tail}.${ups.length}` },
    padding: padding.startsWith('reflect') ? 'reflect' : 'zero',
    output: output.startsWith('linear') ? 'linear' : 'tanh',
  };
}

/**
 * The network over RGB 0..1 [1, 3, H, W]; returns RGB 0..1 [1, 3, H·2^n, W·2^n], n the number of upsampling stages.
 *
 * @param weights the names of mseitzer/srgan or of leftthomas/SRGAN; blocks, widths and normalisations as they are there
 * @throws InvalidModelError naming the tensor that is missing or does not fit
 */
export function buildSrResNet(b: GraphBuilder, x: Value, weights: WeightMap): Value {
  const layout = (weights.has('initial_conv.1.weight') ? mseitzer : leftthomas)(weights);
  const { padding } = layout;
  const part = (from: Value, which: Part, pad: Padding) =>
    activated(b, convolved(b, from, weights, which, pad), weights, which);
  const head = part(x, layout.head, padding);
  let h = head;
  for (const [first, second] of layout.blocks)
    h = b.add(h, part(part(h, first, 'zero'), second, 'zero'));
  h = trunkEnd(b, b.add(head, part(h, layout.second, padding)));
  for (const up of layout.ups) {
    const shuffled = b.op('DepthToSpace', [convolved(b, h, weights, up, padding)], {
      blocksize: 2,
      // PyTorch's PixelShuffle: channel = c·4 + 2·row + column.
      mode: 'CRD',
    });
    h = activated(b, shuffled, weights, up);
  }
  const y = convolved(b, h, weights, layout.tail, padding);
  const signed = layout.output === 'tanh' ? b.op('Tanh', [y]) : y;
  return b.clip(b.add(b.mul(signed, 0.5), 0.5), 0, 1);
}

/** A convolution that keeps the size, its normalisation folded in. The kernel is stored as 16 bit floats. */
function convolved(
  b: GraphBuilder,
  x: Value,
  weights: WeightMap,
  { conv, norm }: Part,
  padding: Padding,
): Value {
  const kernel = weights.take(`${conv}.weight`, [null, x.dims[1]!, null, null]);
  const [channels, , height, width] = kernel.dims as [number, number, number, number];
  const [top, left] = [(height - 1) >> 1, (width - 1) >> 1];
  let full = storedKernel(b, kernel, `${conv}.weight`);
  let bias = weights.has(`${conv}.bias`)
    ? toFloat32(weights.take(`${conv}.bias`, [channels]))
    : new Float32Array(channels);
  if (norm !== undefined && weights.has(`${norm}.running_mean`)) {
    const folded = foldedNormalization(takeNormalization(weights, norm, channels), bias);
    full = scaledKernel(b, full, folded.factor, `${norm}.factor`);
    bias = folded.shift;
  }
  const shift = b.initializer(float32([channels], bias), `${conv}.bias`);
  const pads = [top, left, height - 1 - top, width - 1 - left];
  if (padding === 'zero') return b.conv(x, full, shift, { pads });
  const reflected = b.pad(x, [0, 0, top, left, 0, 0, pads[2]!, pads[3]!], 'reflect');
  return b.conv(reflected, full, shift);
}

/** PReLU with one slope or one a channel. ONNX's PRelu has no WebGPU kernel yet (microsoft/onnxruntime#29859). */
function activated(b: GraphBuilder, x: Value, weights: WeightMap, { slope }: Part): Value {
  if (slope === undefined || !weights.has(`${slope}.weight`)) return x;
  const slopes = toFloat32(weights.take(`${slope}.weight`, [null]));
  if (slopes.length === 1) return b.op('LeakyRelu', [x], { alpha: float(slopes[0]!) });
  const perChannel = float32([1, slopes.length, 1, 1], slopes);
  const scaled = b.mul(x, b.initializer(perChannel, `${slope}.weight`));
  return b.where(b.greater(x, 0), x, scaled);
}
