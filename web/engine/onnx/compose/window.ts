/** What slides over pictures, beyond the forms that the table of operators computes itself. */
import type { GraphBuilder } from '../../graph/builder.ts';
import { intAttribute, intsAttribute, stringAttribute, type Value } from '../../graph/graph.ts';
import type { AttributeTable } from '../../graph/operators/attributes.ts';
import { correlationGradient, slidingOf, type Sliding } from '../../graph/operators/conv.ts';
import { inputOf, unsupported } from '../../graph/operators/operator.ts';
import { GEOMETRY, windowCounts } from '../../graph/operators/pool.ts';
import { castFloat, float32 } from '../../graph/tensor.ts';
import type { PendingNode } from '../pending.ts';
import { alongChannels, mustBeConstant, type Composition } from './composition.ts';

/** Dilated, it is a sum by a depthwise convolution with ones, divided by each window's count. */
function averagePool(b: GraphBuilder, node: PendingNode): Value[] {
  const { dilations, ...attributes } = node.attributes;
  const dilated = dilations?.kind === 'ints' && dilations.value.some((step) => step !== 1);
  if (!dilated) return [...b.nodeOf('AveragePool', node.inputs, attributes).outputs];
  const x = inputOf(node, 0);
  const size = intsAttribute(attributes, 'kernel_shape', []);
  if (size.length !== 2) throw unsupported(node, `${size.length}-dimensional windows`);
  const [height, width] = size as [number, number];
  const sliding = slidingOf(node, x, [height, width]);
  const { begin, out, strides } = sliding;
  // The last window may reach beyond the padding in ceil mode.
  const end = ([0, 1] as const).map((i) => {
    const reach = sliding.dilations[i] * (sliding.kernel[i] - 1) + 1;
    return Math.max(0, (out[i] - 1) * strides[i] + reach - begin[i] - x.dims[2 + i]!);
  });
  const channels = x.dims[1]!;
  const typed = (data: ReturnType<typeof float32>) =>
    b.initializer(x.dtype === 'float16' ? castFloat(data, 'float16') : data);
  const ones = new Float32Array(channels * height * width).fill(1);
  const sums = b.op('Conv', [x, typed(float32([channels, 1, height, width], ones))], {
    kernel_shape: size,
    strides,
    dilations: sliding.dilations,
    pads: [...begin, ...end],
    group: channels,
  });
  const counting = intAttribute(attributes, 'count_include_pad', 0) === 1;
  const counts = float32([1, 1, ...out], windowCounts(sliding, x.dims, counting));
  return [b.div(sums, typed(counts))];
}

/** The input's dims of the convolution whose gradient this is, and its geometry (ONNX, ConvTranspose). */
function transposed(
  node: PendingNode,
  x: Value,
  kernel: readonly [number, number],
): [Sliding, number[]] {
  const ints = (name: string, fallback: readonly number[]) =>
    intsAttribute(node.attributes, name, fallback) as readonly [number, number, number, number];
  const [strides, dilations] = [ints('strides', [1, 1]), ints('dilations', [1, 1])];
  const [extra, pads] = [ints('output_padding', [0, 0]), ints('pads', [0, 0, 0, 0])];
  const auto = stringAttribute(node.attributes, 'auto_pad', 'NOTSET');
  const wanted = ints('output_shape', []).slice(-2);
  const axes = ([0, 1] as const).map((i) => {
    const size = x.dims[2 + i]!;
    const full = strides[i] * (size - 1) + extra[i] + (kernel[i] - 1) * dilations[i] + 1;
    const asked = wanted[i] ?? (auto.startsWith('SAME') ? size * strides[i] : undefined);
    if (asked === undefined) {
      const [before, after] = auto === 'NOTSET' ? [pads[i], pads[i + 2]!] : [0, 0];
      return { before, after, out: full - before - after };
    }
    const total = Math.max(0, full - asked);
    const half = Math.floor(total / 2);
    const before = auto === 'SAME_UPPER' ? half : total - half;
    return { before, after: total - before, out: asked };
  });
  const pair = (key: 'before' | 'after') => [axes[0]![key], axes[1]![key]] as const;
  const sliding: Sliding = {
    kernel,
    strides: [strides[0], strides[1]],
    dilations: [dilations[0], dilations[1]],
    begin: pair('before'),
    end: pair('after'),
    out: [x.dims[2]!, x.dims[3]!],
  };
  return [sliding, axes.map(({ out }) => out)];
}

/** The gradient of a convolution with respect to its input, written out: no backend is slow at it. */
function convTranspose(b: GraphBuilder, node: PendingNode): Value[] {
  const [x, weights, bias] = node.inputs as [Value, Value, Value | null | undefined];
  if (!weights.data) throw mustBeConstant(node, 'a kernel');
  if (weights.dims.length !== 4) {
    throw unsupported(node, `${weights.dims.length - 2}-dimensional windows`);
  }
  const [channels, each, height, width] = weights.dims as [number, number, number, number];
  if (x.dims[1] !== channels) {
    throw new RangeError(`${x.dims[1] ?? 0} channels in, ${channels} expected`);
  }
  const group = intAttribute(node.attributes, 'group', 1);
  const [sliding, size] = transposed(node, x, [height, width]);
  const dims = [x.dims[0]!, each * group, ...size];
  const y = correlationGradient(b, x, weights.data, dims, sliding, group);
  return [bias ? b.add(y, alongChannels(b, bias, 4)) : y];
}

export const windows: Record<string, Composition> = {
  AveragePool: {
    attributes: {
      ...GEOMETRY,
      count_include_pad: 'all',
      dilations: 'all',
    } satisfies AttributeTable,
    write: averagePool,
  },
  ConvTranspose: {
    attributes: {
      kernel_shape: 'all',
      strides: 'all',
      pads: 'all',
      auto_pad: GEOMETRY['auto_pad']!,
      dilations: 'all',
      group: 'all',
      output_padding: 'all',
      output_shape: 'all',
    } satisfies AttributeTable,
    write: convTranspose,
  },
};
