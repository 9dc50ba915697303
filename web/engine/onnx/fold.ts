/** Evaluates, while a file is read, what depends on constants alone: stored weights, and the shape arithmetic of exporters. */
import type { GraphBuilder } from '../graph/builder.ts';
import { intAttribute, intsAttribute, type Value } from '../graph/graph.ts';
import type { PendingNode, Precision } from './pending.ts';
import {
  castFloat,
  dtypeOfCode,
  float32,
  int64,
  sizeOf,
  toFloat32,
  toNumbers,
  type TensorData,
} from '../graph/tensor.ts';

/** The value of a Constant node. */
export function constantNode(b: GraphBuilder, node: PendingNode): Value[] | undefined {
  if (node.op !== 'Constant') return undefined;
  const {
    value,
    value_float: float,
    value_int: int,
    value_ints: ints,
    value_floats: floats,
  } = node.attributes;
  const data = (): TensorData | undefined => {
    if (value?.kind === 'tensor') return value.value;
    if (float?.kind === 'float') return float32([], [float.value]);
    if (int?.kind === 'int') return int64([], [int.value]);
    if (ints?.kind === 'ints') return int64([ints.value.length], ints.value);
    return floats?.kind === 'floats' ? float32([floats.value.length], floats.value) : undefined;
  };
  const constant = data();
  return constant && [b.initializer(constant, node.name)];
}

type Fold = (node: PendingNode, data: readonly TensorData[]) => TensorData | undefined;

const arithmetic =
  (compute: (a: number, b: number) => number): Fold =>
  (_node, [x, y]) => {
    const [a, b] = [toNumbers(x!), toNumbers(y!)];
    if (a.length !== 1 && b.length !== 1 && a.length !== b.length) return undefined;
    const dims = a.length >= b.length ? x!.dims : y!.dims;
    return int64(
      dims,
      Array.from({ length: sizeOf(dims) }, (_, i) => compute(a[i % a.length]!, b[i % b.length]!)),
    );
  };

/** Shape arithmetic: small integer tensors. */
const INTEGER_FOLDS: Record<string, Fold> = {
  Add: arithmetic((a, b) => a + b),
  Sub: arithmetic((a, b) => a - b),
  Mul: arithmetic((a, b) => a * b),
  Div: arithmetic((a, b) => Math.trunc(a / b)),
  Gather: (node, [x, indices]) => {
    if (intAttribute(node.attributes, 'axis', 0) !== 0 || x!.dims.length !== 1) return undefined;
    const list = toNumbers(x!);
    return int64(
      indices!.dims,
      toNumbers(indices!).map((i) => list.at(i)!),
    );
  },
  Concat: (_node, data) => {
    if (data.some(({ dims }) => dims.length !== 1)) return undefined;
    const list = data.flatMap(toNumbers);
    return int64([list.length], list);
  },
  Unsqueeze: (_node, [x, axes]) => {
    const dims = [...x!.dims];
    for (const axis of toNumbers(axes!))
      dims.splice(axis < 0 ? dims.length + 1 + axis : axis, 0, 1);
    return { ...x!, dims };
  },
  Squeeze: (_node, [x]) => ({ ...x!, dims: x!.dims.filter((dim) => dim !== 1) }),
  Reshape: (_node, [x, shape]) => {
    const dims = toNumbers(shape!);
    const known = dims.reduce((product, dim) => (dim === -1 ? product : product * dim), 1);
    return { ...x!, dims: dims.map((dim) => (dim === -1 ? sizeOf(x!.dims) / known : dim)) };
  },
  Transpose: (node, [x]) => {
    const [rows, columns] = x!.dims;
    if (x!.dims.length !== 2 || intsAttribute(node.attributes, 'perm', [1, 0])[0] !== 1)
      return undefined;
    const list = toNumbers(x!);
    const turned = list.map((_, i) => list[(i % rows!) * columns! + Math.floor(i / rows!)]!);
    return int64([columns!, rows!], turned);
  },
  Slice: (_node, [x, starts, ends, axes, steps]) => {
    if ([starts!, axes].some((list) => list && sizeOf(list.dims) !== 1)) return undefined;
    if (axes && toNumbers(axes)[0] !== 0) return undefined;
    return sliceRows(
      x!,
      toNumbers(starts!)[0]!,
      toNumbers(ends!)[0]!,
      steps ? toNumbers(steps)[0]! : 1,
    );
  },
};

/** Python's x[start:end:step] along the first axis. */
function sliceRows(x: TensorData, start: number, end: number, step: number): TensorData {
  const rows = x.dims[0]!;
  const width = sizeOf(x.dims.slice(1));
  const list = toNumbers(x);
  const bound = (at: number) =>
    Math.min(Math.max(at < 0 ? at + rows : at, step < 0 ? -1 : 0), rows);
  const from = step < 0 ? Math.min(bound(start), rows - 1) : bound(start);
  const to = end < -rows ? -1 : bound(end);
  const picked: number[] = [];
  for (let i = from; step < 0 ? i > to : i < to; i += step) picked.push(i);
  return int64(
    [picked.length, ...x.dims.slice(1)],
    picked.flatMap((i) => list.slice(i * width, (i + 1) * width)),
  );
}

function cast(node: PendingNode, x: TensorData, precision: Precision): TensorData | undefined {
  const dtype = dtypeOfCode(intAttribute(node.attributes, 'to', 0));
  // Kernels are stored in 16 bits and widened by a Cast; where 16 bits are wanted they stay as they are.
  if (dtype === 'float32' && x.dtype === precision) return x;
  if (dtype === 'float32' || dtype === 'float16') return castFloat(x, dtype);
  return dtype === 'int64' ? int64(x.dims, toNumbers(x).map(Math.trunc)) : undefined;
}

/** A kernel [C, …] times one factor a channel [C, 1, …]: how our files keep a folded normalisation. */
function scaleKernel([kernel, factor]: readonly TensorData[]): TensorData | undefined {
  const [channels, ...ones] = factor!.dims;
  const sameRank = kernel!.dims.length === factor!.dims.length;
  if (!sameRank || channels !== kernel!.dims[0] || ones.some((dim) => dim !== 1)) return undefined;
  const perChannel = sizeOf(kernel!.dims.slice(1));
  const factors = toFloat32(factor!);
  const scaled = toFloat32(kernel!).map((w, i) => w * factors[Math.floor(i / perChannel)]!);
  return float32(kernel!.dims, scaled);
}

/** (x − zero point) · scale, by tensor or by the channels of `axis`: how files hold weights in 8 bits. */
function dequantized(
  node: PendingNode,
  [x, scale, zero]: readonly TensorData[],
): TensorData | undefined {
  const [values, scales] = [toNumbers(x!), toFloat32(scale!)];
  const zeros = zero ? toNumbers(zero) : [0];
  const axis = intAttribute(node.attributes, 'axis', 1);
  const at = axis < 0 ? axis + x!.dims.length : axis;
  if (scales.length !== 1 && scales.length !== x!.dims[at]) return undefined;
  const inner = sizeOf(x!.dims.slice(at + 1));
  const widened = Float32Array.from(values, (value, i) => {
    const channel = Math.floor(i / inner) % scales.length;
    return (value - zeros[channel % zeros.length]!) * scales[channel]!;
  });
  return float32(x!.dims, widened);
}

function constantOfShape(node: PendingNode, shape: TensorData): TensorData | undefined {
  const { value } = node.attributes;
  const fill = value?.kind === 'tensor' ? value.value : float32([1], [0]);
  if (fill.dtype !== 'int64') return undefined;
  const dims = toNumbers(shape);
  return int64(dims, Array<number>(sizeOf(dims)).fill(toNumbers(fill)[0]!));
}

const isFloat = ({ dtype }: TensorData): boolean => dtype === 'float32' || dtype === 'float16';

function foldTensors(
  node: PendingNode,
  data: readonly TensorData[],
  precision: Precision,
): TensorData | undefined {
  if (node.op === 'Identity') return data[0];
  if (node.op === 'Cast') return cast(node, data[0]!, precision);
  if (node.op === 'DequantizeLinear') return dequantized(node, data);
  if (node.op === 'ConstantOfShape') return constantOfShape(node, data[0]!);
  if (node.op === 'Mul' && data.every(isFloat)) return scaleKernel(data);
  if (data.some(({ dtype }) => dtype !== 'int64')) return undefined;
  return INTEGER_FOLDS[node.op]?.(node, data);
}

/** The outputs of `node` as initializers if its inputs are all known, else undefined. */
export function foldConstants(
  b: GraphBuilder,
  node: PendingNode,
  precision: Precision,
): Value[] | undefined {
  if (node.op === 'Shape' && node.inputs[0]) return [b.ints(node.inputs[0].dims)];
  const data = node.inputs.flatMap((input) => (input?.data ? [input.data] : []));
  if (data.length === 0 || data.length !== node.inputs.length) return undefined;
  const folded = foldTensors(node, data, precision);
  return folded && [b.initializer(folded, node.name)];
}
