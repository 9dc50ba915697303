/** Tensors of numbers as they are reckoned with while a file is read: shapes, axes, and weights made from weights. */
import { broadcastDims } from '../graph/operators/elementwise.ts';
import { normalAxis } from '../graph/operators/operator.ts';
import {
  DTYPES,
  float32,
  int64,
  sizeOf,
  toNumbers,
  type DType,
  type TensorData,
} from '../graph/tensor.ts';

export const isFloat = ({ dtype }: TensorData): boolean => dtype.startsWith('float');

/** Numbers as a tensor: integers as int64, floats as float32. */
export function tensorOfNumbers(
  kind: DType,
  dims: readonly number[],
  values: ArrayLike<number>,
): TensorData {
  if (kind === 'bool') return { dtype: 'bool', dims, bytes: Uint8Array.from(values, Number) };
  if (kind.startsWith('float')) return float32(dims, Float32Array.from(values));
  return int64(dims, Array.from(values, Math.trunc));
}

/** Row-major strides. */
function stridesOf(dims: readonly number[]): number[] {
  const strides = Array<number>(dims.length).fill(1);
  for (let i = dims.length - 2; i >= 0; i--) strides[i] = strides[i + 1]! * dims[i + 1]!;
  return strides;
}

/** Source positions of a tensor of `dims` whose axis i steps `steps[i]` through the source. */
function positions(dims: readonly number[], steps: readonly number[], start = 0): Int32Array {
  const out = new Int32Array(sizeOf(dims));
  const index = Array<number>(dims.length).fill(0);
  let at = start;
  for (let i = 0; i < out.length; i++) {
    out[i] = at;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      at += steps[axis]!;
      if (++index[axis]! < dims[axis]!) break;
      at -= steps[axis]! * dims[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}

/** The elements at `positions`, byte by byte, whatever their type. */
function picked(x: TensorData, dims: readonly number[], from: Int32Array): TensorData {
  const { bytes: size } = DTYPES[x.dtype];
  const bytes = new Uint8Array(from.length * size);
  from.forEach((at, i) => bytes.set(x.bytes.subarray(at * size, (at + 1) * size), i * size));
  return { dtype: x.dtype, dims, bytes };
}

export function transposed(x: TensorData, perm: readonly number[]): TensorData {
  const strides = stridesOf(x.dims);
  const dims = perm.map((axis) => x.dims[axis]!);
  return picked(
    x,
    dims,
    positions(
      dims,
      perm.map((axis) => strides[axis]!),
    ),
  );
}

export function expanded(x: TensorData, shape: readonly number[]): TensorData {
  const dims = broadcastDims(x.dims, shape);
  const lead = dims.length - x.dims.length;
  const strides = stridesOf(x.dims);
  const steps = dims.map((_, i) => (i < lead || x.dims[i - lead] === 1 ? 0 : strides[i - lead]!));
  return picked(x, dims, positions(dims, steps));
}

/** The elements `indices` of an axis, which becomes the dims of the indices. */
export function gathered(x: TensorData, indices: TensorData, axis: number): TensorData {
  const at = normalAxis(axis, x.dims.length);
  const list = toNumbers(indices).map((index) => normalAxis(index, x.dims[at]!));
  const [outer, inner] = [sizeOf(x.dims.slice(0, at)), sizeOf(x.dims.slice(at + 1))];
  const from = new Int32Array(outer * list.length * inner);
  let i = 0;
  for (let o = 0; o < outer; o++) {
    for (const index of list) {
      for (let k = 0; k < inner; k++) from[i++] = (o * x.dims[at]! + index) * inner + k;
    }
  }
  return picked(x, [...x.dims.slice(0, at), ...indices.dims, ...x.dims.slice(at + 1)], from);
}

export function concatenated(parts: readonly TensorData[], axis: number): TensorData {
  const [first] = parts;
  const at = normalAxis(axis, first!.dims.length);
  const outer = sizeOf(first!.dims.slice(0, at));
  const rows: Uint8Array[] = [];
  for (let o = 0; o < outer; o++) {
    for (const { bytes } of parts) {
      const row = bytes.byteLength / outer;
      rows.push(bytes.subarray(o * row, (o + 1) * row));
    }
  }
  const bytes = new Uint8Array(rows.reduce((sum, row) => sum + row.byteLength, 0));
  let end = 0;
  for (const row of rows) {
    bytes.set(row, end);
    end += row.byteLength;
  }
  const total = parts.reduce((sum, { dims }) => sum + dims[at]!, 0);
  return { dtype: first!.dtype, dims: first!.dims.with(at, total), bytes };
}

/** Python's x[start:end:step] along one axis. */
export function sliced(
  x: TensorData,
  axis: number,
  start: number,
  end: number,
  step: number,
): TensorData {
  const at = normalAxis(axis, x.dims.length);
  const size = x.dims[at]!;
  const bound = (place: number, low: number, high: number) =>
    Math.min(Math.max(place < 0 ? place + size : place, low), high);
  const [low, high] = step < 0 ? [-1, size - 1] : [0, size];
  const from = bound(start, low, high);
  const to = end < -size ? low : bound(end, low, high);
  const list: number[] = [];
  for (let i = from; step < 0 ? i > to : i < to; i += step) list.push(i);
  return gathered(x, int64([list.length], list), at);
}

/** f over elements with NumPy broadcasting; integers stay integers. */
export function zipped(
  kind: DType,
  f: (...values: number[]) => number,
  operands: readonly TensorData[],
): TensorData {
  const dims = broadcastDims(...operands.map((one) => one.dims));
  const lists = operands.map((one) => toNumbers(expanded(one, dims)));
  const values = Array.from({ length: sizeOf(dims) }, (_, i) =>
    f(...lists.map((list) => list[i]!)),
  );
  return tensorOfNumbers(kind, dims, values);
}

/** f over the elements of each run along the axes. */
export function reduced(
  x: TensorData,
  axes: readonly number[],
  keep: boolean,
  f: (values: readonly number[]) => number,
): TensorData {
  const rank = x.dims.length;
  const gone = (axes.length === 0 ? x.dims.map((_, i) => i) : axes).map((axis) =>
    normalAxis(axis, rank),
  );
  const kept = x.dims.flatMap((_, i) => (gone.includes(i) ? [] : [i]));
  const list = toNumbers(transposed(x, [...kept, ...gone]));
  const run = sizeOf(gone.map((axis) => x.dims[axis]!));
  const values = Array.from({ length: list.length / run }, (_, i) =>
    f(list.slice(i * run, (i + 1) * run)),
  );
  const dims = x.dims.flatMap((dim, i) => (!gone.includes(i) ? [dim] : keep ? [1] : []));
  return tensorOfNumbers(x.dtype, dims, values);
}
