/** Conv, and the gradient of a strided correlation with respect to its input. */
import type { GraphWriter } from '../writer.ts';
import { intAttribute, intsAttribute, stringAttribute, type Node, type Value } from '../graph.ts';
import { castFloat, deferred, float32, sizeOf, toFloat32, type TensorData } from '../tensor.ts';
import { inputOf, noGradient, typed, unsupported, type Operator } from './operator.ts';

/** Where a window slides: one entry for each of height and width. */
export interface Sliding {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** Before (top, left) and after (bottom, right). */
  readonly begin: readonly [number, number];
  readonly end: readonly [number, number];
  /** Output height and width. */
  readonly out: readonly [number, number];
}

/** Window geometry of a Conv or pooling node over an NCHW input, with `auto_pad` and `ceil_mode` resolved. */
export function slidingOf(
  node: Pick<Node, 'op' | 'name' | 'attributes'>,
  x: Value,
  kernel: readonly [number, number],
): Sliding {
  if (x.dims.length !== 4) throw unsupported(node, `${x.dims.length - 2}-dimensional windows`);
  const ints = (name: string, fallback: number[]) => intsAttribute(node.attributes, name, fallback);
  const strides = ints('strides', [1, 1]) as [number, number];
  const dilations = ints('dilations', [1, 1]) as [number, number];
  const pads = ints('pads', [0, 0, 0, 0]);
  const auto = stringAttribute(node.attributes, 'auto_pad', 'NOTSET');
  const ceil = intAttribute(node.attributes, 'ceil_mode', 0) === 1;
  const axes = ([0, 1] as const).map((i) => {
    const [size, k, s] = [x.dims[2 + i]!, dilations[i] * (kernel[i] - 1) + 1, strides[i]];
    let [before, after] = [pads[i]!, pads[i + 2]!];
    if (auto === 'VALID') [before, after] = [0, 0];
    if (auto.startsWith('SAME')) {
      const total = Math.max(0, (Math.ceil(size / s) - 1) * s + k - size);
      before = auto === 'SAME_LOWER' ? Math.ceil(total / 2) : Math.floor(total / 2);
      after = total - before;
    }
    const places = (size + before + after - k) / s;
    // In ceil mode a last window may start inside the input, but not in the padding after it.
    const out = ceil
      ? Math.min(Math.ceil(places), Math.ceil((size + before) / s) - 1)
      : Math.floor(places);
    if (places < 0) throw new RangeError(`a window of ${k} does not fit ${size + before + after}`);
    return { before, after, out: out + 1 };
  });
  const pair = (key: 'before' | 'after' | 'out') => [axes[0]![key], axes[1]![key]] as const;
  return {
    kernel,
    strides,
    dilations,
    begin: pair('before'),
    end: pair('after'),
    out: pair('out'),
  };
}

/**
 * Gradient of y = correlate(x, w) with respect to x.
 *
 * Stride 1: correlation of dy with w flipped and its in/out channels swapped. Stride s: the input splits into
 * s·s interleaved phases, each the stride-1 gradient of every s-th kernel tap (the sub-pixel form of a
 * transposed convolution, Shi et al. 2016, arXiv:1609.07009); all phases come from one plain Conv, because
 * ConvTranspose is slow on GPUs.
 */
export function correlationGradient(
  b: GraphWriter,
  dy: Value,
  weights: TensorData,
  xDims: readonly number[],
  sliding: Sliding,
  group: number,
): Value {
  const { strides, begin, kernel, dilations } = sliding;
  if (strides[0] === 1 && strides[1] === 1) {
    const flipped = phaseKernels(weights, [1, 1], group);
    const pads = ([0, 1] as const).map((i) => {
      const reach = dilations[i] * (kernel[i] - 1);
      const before = reach - begin[i];
      return { before, after: xDims[2 + i]! - (dy.dims[2 + i]! + before - reach) };
    });
    return paddedConv(b, dy, b.initializer(flipped, 'flipped'), pads, group, dilations);
  }
  if (dilations[0] !== 1 || dilations[1] !== 1) {
    // Rare: dy spread out with zeros in between is the cotangent of the same correlation without strides.
    const spread = spreadOut(b, dy, strides);
    return correlationGradient(b, spread, weights, xDims, { ...sliding, strides: [1, 1] }, group);
  }
  const phases = phaseKernels(weights, strides, group);
  const blocks = ([0, 1] as const).map((i) => Math.ceil((begin[i] + xDims[2 + i]!) / strides[i]));
  const pads = ([0, 1] as const).map((i) => {
    const reach = phases.dims[2 + i]! - 1;
    return { before: reach, after: blocks[i]! - dy.dims[2 + i]! };
  });
  const planes = paddedConv(b, dy, b.initializer(phases, 'phases'), pads, group);
  const used = strides.map((s, i) => Math.min(s, kernel[i]!));
  const [n, c] = xDims as [number, number, number, number];
  const six = b.reshape(planes, [n, c, used[0]!, used[1]!, blocks[0]!, blocks[1]!]);
  // Phases beyond the kernel (a strided 1x1) see no tap: zeros.
  const all = b.pad(six, [
    ...Array<number>(8).fill(0),
    strides[0] - used[0]!,
    strides[1] - used[1]!,
    0,
    0,
  ]);
  return cropInput(b, interleave(b, all), begin, xDims);
}

/** [N, C, H, W] to [N, C, (H − 1)·sh + 1, (W − 1)·sw + 1] with zeros between the elements. */
function spreadOut(b: GraphWriter, dy: Value, [sh, sw]: readonly [number, number]): Value {
  const [n, c, h, w] = dy.dims as [number, number, number, number];
  const cells = b.pad(b.reshape(dy, [n, c, h, 1, w, 1]), [
    ...Array<number>(6).fill(0),
    ...[0, 0, 0, sh - 1, 0, sw - 1],
  ]);
  const grown = b.reshape(cells, [n, c, h * sh, w * sw]);
  return b.slice(grown, [2, 3], [0, 0], [(h - 1) * sh + 1, (w - 1) * sw + 1]);
}

/** [N, C, sh, sw, H, W], one plane a phase, to [N, C, sh·H, sw·W]. */
export function interleave(b: GraphWriter, phases: Value): Value {
  const [n, c, sh, sw, h, w] = phases.dims as [number, number, number, number, number, number];
  return b.reshape(b.transpose(phases, [0, 1, 4, 2, 5, 3]), [n, c, sh * h, sw * w]);
}

/** The part of a padded plane that was the input; zeros where no window reached. */
export function cropInput(
  b: GraphWriter,
  padded: Value,
  begin: readonly [number, number],
  xDims: readonly number[],
): Value {
  const missing = [2, 3].map((axis) =>
    Math.max(0, begin[axis - 2]! + xDims[axis]! - padded.dims[axis]!),
  );
  const grown = b.pad(padded, [0, 0, 0, 0, 0, 0, missing[0]!, missing[1]!]);
  return b.slice(grown, [2, 3], [...begin], [begin[0] + xDims[2]!, begin[1] + xDims[3]!]);
}

/** Stride-1 Conv with pads that may be negative, which cut dy. */
function paddedConv(
  b: GraphWriter,
  dy: Value,
  kernel: Value,
  pads: readonly { readonly before: number; readonly after: number }[],
  group: number,
  dilations: readonly number[] = [1, 1],
): Value {
  const cut = (by: number) => Math.max(0, -by);
  const starts = pads.map((pad) => cut(pad.before));
  const ends = pads.map((pad, i) => dy.dims[2 + i]! - cut(pad.after));
  const inner = b.slice(dy, [2, 3], starts, ends);
  const kept = [...pads.map((pad) => pad.before), ...pads.map((pad) => pad.after)].map((p) =>
    Math.max(0, p),
  );
  const attributes = { kernel_shape: kernel.dims.slice(2), pads: kept, group, dilations };
  return b.op('Conv', [inner, kernel], attributes);
}

/**
 * Kernels [Cout, Cin/g, kh, kw] as those of the gradient: [Cin·phases, Cout/g, th, tw], tap t of phase r being
 * the flipped tap r + s·t. The phase is the fastest of the output channels.
 */
function phaseKernels(
  weights: TensorData,
  strides: readonly [number, number],
  group: number,
): TensorData {
  const [cout, cin, kh, kw] = weights.dims as [number, number, number, number];
  const [sh, sw] = [Math.min(strides[0], kh), Math.min(strides[1], kw)];
  const [th, tw] = [Math.ceil(kh / strides[0]), Math.ceil(kw / strides[1])];
  const perGroup = cout / group;
  const [tap, phases] = [th * tw, sh * sw];
  const dims = [cin * group * phases, perGroup, th, tw];
  // Planning asks for dims alone.
  return deferred(weights.dtype, dims, () => {
    const source = toFloat32(weights);
    const target = new Float32Array(sizeOf(dims));
    for (let o = 0; o < cout; o++) {
      const [g, og] = [Math.floor(o / perGroup), o % perGroup];
      for (let i = 0; i < cin; i++) {
        const from = (o * cin + i) * kh * kw;
        for (let y = 0; y < kh; y++) {
          for (let x = 0; x < kw; x++) {
            const phase = (y % strides[0]) * sw + (x % strides[1]);
            const row = th - 1 - Math.floor(y / strides[0]);
            const column = tw - 1 - Math.floor(x / strides[1]);
            const to = (((g * cin + i) * phases + phase) * perGroup + og) * tap + row * tw + column;
            target[to] = source[from + y * kw + x]!;
          }
        }
      }
    }
    const data = float32(dims, target);
    return weights.dtype === 'float16' ? castFloat(data, 'float16') : data;
  });
}

function kernelOf(node: Node): readonly [number, number] {
  const weights = inputOf(node, 1);
  if (weights.dims.length !== 4)
    throw unsupported(node, `${weights.dims.length - 2}-dimensional windows`);
  return [weights.dims[2]!, weights.dims[3]!];
}

export const conv: Operator = {
  attributes: {
    kernel_shape: 'all',
    strides: 'all',
    dilations: 'all',
    group: 'all',
    pads: 'all',
    auto_pad: ['NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER'],
  },
  infer: (node) => {
    const [x, weights] = [inputOf(node, 0), inputOf(node, 1)];
    const { out } = slidingOf(node, x, kernelOf(node));
    const channels = weights.dims[1]! * intAttribute(node.attributes, 'group', 1);
    if (x.dims[1] !== channels)
      throw new RangeError(`${x.dims[1] ?? 0} channels in, ${channels} expected`);
    return typed(x.dtype, [x.dims[0]!, weights.dims[0]!, ...out]);
  },
  vjp: (b, node, dy, needs) => {
    const [x, weights] = [inputOf(node, 0), inputOf(node, 1)];
    if (needs[1] || !weights.data) throw noGradient(node, 'kernel (it must be a constant)');
    const sliding = slidingOf(node, x, kernelOf(node));
    const group = intAttribute(node.attributes, 'group', 1);
    return [
      needs[0] ? correlationGradient(b, dy, weights.data, x.dims, sliding, group) : null,
      null,
      needs[2] ? b.reshape(b.reduceSum(dy, [0, 2, 3]), [dy.dims[1]!]) : null,
    ];
  },
};
