/** Kernels in 8 bits: half the download of 16. */
import type { Graph, Node, Value } from '../graph/graph.ts';
import { bytesOf, float32, sizeOf, toFloat32, type TensorData } from '../graph/tensor.ts';

/** How a model file keeps its kernels. */
export const STORAGES = ['float16', 'int8'] as const;
export type Storage = (typeof STORAGES)[number];

/** ±127; −128 stays unused, so that the range is symmetric. */
const LEVELS = 127;

interface Quantized {
  readonly values: TensorData;
  /** One for each output channel: the first dim. */
  readonly scale: TensorData;
}

/** Symmetric, each output channel by its largest weight (Jacob et al. 2018, arXiv:1712.05877, without a zero point). */
export function quantize(tensor: TensorData): Quantized {
  const weights = toFloat32(tensor);
  const channels = tensor.dims[0]!;
  const each = weights.length / channels;
  const scale = new Float32Array(channels);
  const values = new Int8Array(weights.length);
  for (let c = 0; c < channels; c++) {
    const own = weights.subarray(c * each, (c + 1) * each);
    const largest = own.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
    // A channel of zeros needs any scale but zero.
    scale[c] = largest === 0 ? 1 : largest / LEVELS;
    values.set(
      own.map((w) => Math.round(w / scale[c]!)),
      c * each,
    );
  }
  return {
    values: { dtype: 'int8', dims: tensor.dims, bytes: bytesOf(values) },
    scale: float32([channels], scale),
  };
}

/** The stored graph with each kernel that a Cast widens held in 8 bits instead, widened by a DequantizeLinear. */
export function inEightBits(graph: Graph): Graph {
  const replaced = new Set<Value>();
  const added: Value[] = [];
  const constant = (name: string, data: TensorData): Value => {
    const value = { name, dtype: data.dtype, dims: data.dims, producer: null, data };
    added.push(value);
    return value;
  };
  const nodes = graph.nodes.map((node): Node => {
    const kernel = node.op === 'Cast' ? node.inputs[0] : null;
    if (kernel?.data?.dtype !== 'float16' || sizeOf(kernel.dims.slice(1)) === 1) return node;
    const { values, scale } = quantize(kernel.data);
    replaced.add(kernel);
    const inputs = [constant(kernel.name, values), constant(`${kernel.name}.scale`, scale)];
    const attributes = { axis: { kind: 'int', value: 0 } } as const;
    return { ...node, op: 'DequantizeLinear', inputs, attributes };
  });
  const initializers = graph.initializers.filter((value) => !replaced.has(value));
  return { ...graph, nodes, initializers: [...initializers, ...added] };
}
