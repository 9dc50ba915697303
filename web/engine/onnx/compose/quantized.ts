/** Networks whose activations pass through 8 bit integers. */
import type { GraphBuilder } from '../../graph/builder.ts';
import { intAttribute, type Value } from '../../graph/graph.ts';
import { normalAxis, unsupported } from '../../graph/operators/operator.ts';
import { float32, toFloat32, toNumbers, type TensorData } from '../../graph/tensor.ts';
import type { PendingNode } from '../pending.ts';
import { mustBeConstant, type Composition } from './composition.ts';

interface Levels {
  readonly scale: TensorData;
  readonly zero: TensorData | undefined;
}

/** Values between a QuantizeLinear and the DequantizeLinear that takes it back. */
const quantized = new WeakMap<Value, Levels>();

function levelsOf(node: PendingNode): Levels {
  const [, scale, zero] = node.inputs;
  if (!scale?.data || (zero && !zero.data)) throw mustBeConstant(node, 'a scale');
  return { scale: scale.data, zero: zero?.data ?? undefined };
}

/**
 * The pair of both cuts activations to the range of the integers and rounds them. Only the range is kept: rounding has
 * no gradient, and less of it is closer to the network that was quantised.
 */
function quantize(b: GraphBuilder, node: PendingNode): Value[] {
  const x = node.inputs[0]!;
  const levels = levelsOf(node);
  const [low, high] = levels.zero?.dtype === 'int8' ? [-128, 127] : [0, 255];
  const scales = toFloat32(levels.scale);
  const zeros = levels.zero ? toNumbers(levels.zero) : [0];
  const axis = normalAxis(intAttribute(node.attributes, 'axis', 1), Math.max(2, x.dims.length));
  const dims = scales.length === 1 ? [] : x.dims.map((_, i) => (i === axis ? scales.length : 1));
  const bound = (end: number) => {
    const values = scales.map((scale, i) => (end - zeros[i % zeros.length]!) * scale);
    return b.cast(b.initializer(float32(dims, values)), x.dtype);
  };
  // Not Max and Min: those halve the cotangent at a bound, where ReLU's zeros lie.
  const [lower, upper] = [bound(low), bound(high)];
  const raised = b.where(b.less(x, lower), lower, x);
  const y = b.where(b.greater(raised, upper), upper, raised);
  quantized.set(y, levels);
  return [y];
}

const equal = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((value, i) => value === b[i]);
const numbers = (tensor: TensorData | undefined) => (tensor ? toNumbers(tensor) : [0]);

function dequantize(_b: GraphBuilder, node: PendingNode): Value[] {
  const x = node.inputs[0]!;
  const [before, own] = [quantized.get(x), levelsOf(node)];
  const pair =
    before &&
    equal(numbers(before.scale), numbers(own.scale)) &&
    equal(numbers(before.zero), numbers(own.zero));
  if (!pair) throw unsupported(node, 'an input other than weights or the same QuantizeLinear');
  return [x];
}

export const quantization: Record<string, Composition> = {
  QuantizeLinear: {
    attributes: {
      axis: 'all',
      block_size: [0],
      output_dtype: [0, 2, 3],
      precision: [0, 1],
      saturate: 'no effect',
    },
    write: quantize,
  },
  DequantizeLinear: {
    attributes: { axis: 'all', block_size: [0], output_dtype: [0, 1] },
    write: dequantize,
  },
};
