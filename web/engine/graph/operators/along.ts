/** Sparse linear maps along one axis of a tensor, as products with constant matrices. */
import type { Value } from '../graph.ts';
import type { GraphWriter } from '../writer.ts';
import { castFloat, float32 } from '../tensor.ts';

/** Output element `o` is the sum of `weight · input[index]` over its entries. */
export type AxisMap = readonly (readonly { readonly index: number; readonly weight: number }[])[];

/** Applies `map` to axis `axis` of x. */
export function mapAlong(b: GraphWriter, x: Value, axis: number, map: AxisMap): Value {
  const [from, to] = [x.dims[axis]!, map.length];
  const matrix = new Float32Array(from * to);
  map.forEach((entries, o) => {
    for (const { index, weight } of entries) matrix[index * to + o]! += weight;
  });
  return productAlong(b, x, axis, matrix, to);
}

/** Applies the transpose of `map` to axis `axis` of dy. */
export function adjointAlong(
  b: GraphWriter,
  dy: Value,
  axis: number,
  map: AxisMap,
  inputSize: number,
): Value {
  const matrix = new Float32Array(map.length * inputSize);
  map.forEach((entries, o) => {
    for (const { index, weight } of entries) matrix[o * inputSize + index]! += weight;
  });
  return productAlong(b, dy, axis, matrix, inputSize);
}

/** x times the matrix [x.dims[axis], size] along the axis. */
function productAlong(
  b: GraphWriter,
  x: Value,
  axis: number,
  matrix: Float32Array,
  size: number,
): Value {
  const data = float32([x.dims[axis]!, size], matrix);
  const constant = b.initializer(x.dtype === 'float16' ? castFloat(data, 'float16') : data);
  const last = x.dims.length - 1;
  // A vector is a matrix of one row.
  if (last === 0) return b.reshape(b.matMul(b.reshape(x, [1, x.dims[0]!]), constant), [size]);
  if (axis === last) return b.matMul(x, constant);
  const perm = x.dims.map((_, i) => (i === axis ? last : i === last ? axis : i));
  return b.transpose(b.matMul(b.transpose(x, perm), constant), perm);
}
