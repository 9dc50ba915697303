/** Evaluates, while a file is read, what depends on constants alone: stored weights, and the shape arithmetic of exporters. */
import type { GraphBuilder } from '../graph/builder.ts';
import { intAttribute, intsAttribute, type Value } from '../graph/graph.ts';
import type { AttributeTable } from '../graph/operators/attributes.ts';
import { normalAxis } from '../graph/operators/operator.ts';
import {
  castFloat,
  dtypeOfCode,
  float32,
  int64,
  sizeOf,
  toFloat32,
  toNumbers,
  type DType,
  type TensorData,
} from '../graph/tensor.ts';
import {
  concatenated,
  expanded,
  gathered,
  isFloat,
  reduced,
  sliced,
  tensorOfNumbers,
  transposed,
  zipped,
} from './arrays.ts';
import type { PendingNode, Precision } from './pending.ts';

/** Operators that are only known of constants, with the attributes that are honoured. */
export const CONSTANT_ONLY: Readonly<Record<string, AttributeTable>> = {
  Constant: {
    value: 'all',
    value_float: 'all',
    value_floats: 'all',
    value_int: 'all',
    value_ints: 'all',
  },
  ConstantOfShape: { value: 'all' },
  Shape: { start: 'all', end: 'all' },
  Size: {},
  Range: {},
  Ceil: {},
  Round: {},
  Not: {},
  Or: {},
  Mod: { fmod: 'all' },
  ReduceProd: { keepdims: 'all', noop_with_empty_axes: [0] },
};

/** Operators that `foldConstants` evaluates, where all inputs are constants. */
export const isFolded = (op: string): boolean => op in FOLDS || op in CONSTANT_ONLY;

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

/** The value of a node from those of its inputs, `undefined` for an optional one that was left out. */
type Fold = (
  node: PendingNode,
  data: readonly (TensorData | undefined)[],
) => TensorData | TensorData[] | undefined;

const kindOf = (data: readonly (TensorData | undefined)[]): DType =>
  data.some((one) => one && isFloat(one)) ? 'float32' : 'int64';

/** Elementwise, with NumPy broadcasting; by integers where all operands are. */
const elementwise =
  (f: (...values: number[]) => number, kind?: DType, ofIntegers = f): Fold =>
  (_node, data) => {
    const operands = data as readonly TensorData[];
    const own = kindOf(operands);
    return zipped(kind ?? own, own === 'int64' ? ofIntegers : f, operands);
  };

const reduction =
  (f: (values: readonly number[]) => number): Fold =>
  (node, [x, axes]) => {
    if (intAttribute(node.attributes, 'noop_with_empty_axes', 0) === 1) return undefined;
    const listed = axes ? toNumbers(axes) : intsAttribute(node.attributes, 'axes', []);
    return reduced(x!, listed, intAttribute(node.attributes, 'keepdims', 1) === 1, f);
  };

/** Half a whole number goes to the even neighbour. */
function roundEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

const axisOf = (node: PendingNode, fallback = 0): number =>
  intAttribute(node.attributes, 'axis', fallback);

function reshaped(node: PendingNode, x: TensorData, shape: readonly number[]): TensorData {
  const keepZero = intAttribute(node.attributes, 'allowzero', 0) === 1;
  const wanted = shape.map((dim, i) => (dim === 0 && !keepZero ? x.dims[i]! : dim));
  const known = wanted.reduce((product, dim) => (dim === -1 ? product : product * dim), 1);
  const dims = wanted.map((dim) => (dim === -1 ? sizeOf(x.dims) / known : dim));
  if (sizeOf(dims) !== sizeOf(x.dims)) throw new RangeError(`cannot become [${dims.join(', ')}]`);
  return { ...x, dims };
}

function split(node: PendingNode, x: TensorData, sizes: readonly number[]): TensorData[] {
  let start = 0;
  return sizes.map((size) => {
    const from = start;
    start += size;
    return sliced(x, axisOf(node), from, start, 1);
  });
}

const FOLDS: Readonly<Record<string, Fold>> = {
  Identity: (_node, [x]) => x,
  Add: elementwise((a, b) => a + b),
  Sub: elementwise((a, b) => a - b),
  Mul: elementwise((a, b) => a * b),
  Div: elementwise(
    (a, b) => a / b,
    undefined,
    (a, b) => Math.trunc(a / b),
  ),
  // By the sign of the divisor, or with `fmod` by that of the dividend.
  Mod: (node, data) => {
    const like = intAttribute(node.attributes, 'fmod', 0) === 1;
    return elementwise((a, b) => (like ? a % b : ((a % b) + b) % b))(node, data);
  },
  Pow: (node, [x, power]) => elementwise((a, b) => a ** b, x!.dtype)(node, [x, power]),
  Min: elementwise(Math.min),
  Max: elementwise(Math.max),
  Equal: elementwise((a, b) => Number(a === b), 'bool'),
  Greater: elementwise((a, b) => Number(a > b), 'bool'),
  GreaterOrEqual: elementwise((a, b) => Number(a >= b), 'bool'),
  Less: elementwise((a, b) => Number(a < b), 'bool'),
  LessOrEqual: elementwise((a, b) => Number(a <= b), 'bool'),
  And: elementwise((a, b) => a && b, 'bool'),
  Or: elementwise((a, b) => a || b, 'bool'),
  Not: elementwise((a) => 1 - a, 'bool'),
  Where: (_node, [condition, x, y]) =>
    zipped(kindOf([x, y]), (c, a, b) => (c ? a : b), [condition!, x!, y!]),
  Neg: elementwise((a) => -a),
  Abs: elementwise(Math.abs),
  Sqrt: elementwise(Math.sqrt, 'float32'),
  Exp: elementwise(Math.exp, 'float32'),
  Log: elementwise(Math.log, 'float32'),
  Reciprocal: elementwise((a) => 1 / a, 'float32'),
  Floor: elementwise(Math.floor),
  Ceil: elementwise(Math.ceil),
  Round: elementwise(roundEven),
  ReduceSum: reduction((values) => values.reduce((a, b) => a + b, 0)),
  ReduceProd: reduction((values) => values.reduce((a, b) => a * b, 1)),
  ReduceMean: reduction((values) => values.reduce((a, b) => a + b, 0) / values.length),
  ReduceMax: reduction((values) => values.reduce((a, b) => Math.max(a, b))),
  ReduceMin: reduction((values) => values.reduce((a, b) => Math.min(a, b))),
  Gather: (node, [x, indices]) => gathered(x!, indices!, axisOf(node)),
  Concat: (node, data) => concatenated(data as readonly TensorData[], axisOf(node)),
  Unsqueeze: (_node, [x, axes]) => {
    const dims = [...x!.dims];
    const rank = dims.length + sizeOf(axes!.dims);
    const places = toNumbers(axes!).map((axis) => normalAxis(axis, rank));
    for (const at of places.sort((a, b) => a - b)) dims.splice(at, 0, 1);
    return { ...x!, dims };
  },
  Squeeze: (_node, [x, axes]) => {
    const listed = axes && toNumbers(axes).map((axis) => normalAxis(axis, x!.dims.length));
    const gone = (dim: number, i: number) => (listed ? listed.includes(i) : dim === 1);
    if (listed?.some((axis) => x!.dims[axis] !== 1))
      throw new RangeError('a squeezed dim is not 1');
    return { ...x!, dims: x!.dims.filter((dim, i) => !gone(dim, i)) };
  },
  Reshape: (node, [x, shape]) => reshaped(node, x!, toNumbers(shape!)),
  Flatten: (node, [x]) => {
    const axis = axisOf(node, 1);
    const at = axis < 0 ? axis + x!.dims.length : axis;
    return { ...x!, dims: [sizeOf(x!.dims.slice(0, at)), sizeOf(x!.dims.slice(at))] };
  },
  Transpose: (node, [x]) => {
    const turned = x!.dims.map((_, i) => x!.dims.length - 1 - i);
    return transposed(x!, intsAttribute(node.attributes, 'perm', turned));
  },
  Expand: (_node, [x, shape]) => expanded(x!, toNumbers(shape!)),
  Slice: (_node, [x, starts, ends, axes, steps]) => {
    const [from, to] = [toNumbers(starts!), toNumbers(ends!)];
    const along = axes ? toNumbers(axes) : from.map((_, i) => i);
    const by = steps ? toNumbers(steps) : from.map(() => 1);
    return along.reduce((out, axis, i) => sliced(out, axis, from[i]!, to[i]!, by[i]!), x!);
  },
  Split: (node, [x, sizes]) => (sizes ? split(node, x!, toNumbers(sizes)) : undefined),
  Size: (_node, [x]) => int64([], [sizeOf(x!.dims)]),
  Range: (_node, data) => {
    const [start, limit, delta] = data.map((one) => toNumbers(one!)[0]!) as [
      number,
      number,
      number,
    ];
    const count = Math.max(0, Math.ceil((limit - start) / delta));
    const values = Array.from({ length: count }, (_, i) => start + i * delta);
    return tensorOfNumbers(kindOf(data), [count], values);
  },
  ConstantOfShape: (node, [shape]) => {
    const { value } = node.attributes;
    const fill = value?.kind === 'tensor' ? value.value : float32([1], [0]);
    const dims = toNumbers(shape!);
    return expanded({ ...fill, dims: [] }, dims);
  },
  DequantizeLinear: (node, data) => dequantized(node, data),
};

function cast(node: PendingNode, x: TensorData, precision: Precision): TensorData | undefined {
  const dtype = dtypeOfCode(intAttribute(node.attributes, 'to', 0));
  // Kernels are stored in 16 bits and widened by a Cast; where 16 bits are wanted they stay as they are.
  if (dtype === 'float32' && x.dtype === precision) return x;
  if (dtype === 'float32' || dtype === 'float16') return castFloat(x, dtype);
  if (dtype === 'bool') return zipped('bool', (value) => Number(value !== 0), [x]);
  return dtype === 'int64' || dtype === 'int32' ? zipped('int64', Math.trunc, [x]) : undefined;
}

/** (x − zero point) · scale, by tensor or by the channels of `axis`: how files hold weights in 8 bits. */
function dequantized(
  node: PendingNode,
  [x, scale, zero]: readonly (TensorData | undefined)[],
): TensorData {
  const [values, scales] = [toNumbers(x!), toFloat32(scale!)];
  const zeros = zero ? toNumbers(zero) : [0];
  const at = scales.length === 1 ? 0 : normalAxis(axisOf(node, 1), x!.dims.length);
  if (scales.length !== 1 && scales.length !== x!.dims[at]) {
    throw new RangeError(`${scales.length} scales for an axis of ${x!.dims[at] ?? 1}`);
  }
  const inner = sizeOf(x!.dims.slice(at + 1));
  const widened = Float32Array.from(values, (value, i) => {
    const channel = Math.floor(i / inner) % scales.length;
    return (value - zeros[channel % zeros.length]!) * scales[channel]!;
  });
  return float32(x!.dims, widened);
}

function shapeOf(node: PendingNode, { dims }: Value): TensorData {
  const start = intAttribute(node.attributes, 'start', 0);
  const kept = dims.slice(start, intAttribute(node.attributes, 'end', dims.length));
  return int64([kept.length], kept);
}

/** The outputs of `node` as initializers if its inputs are all known, else undefined. */
export function foldConstants(
  b: GraphBuilder,
  node: PendingNode,
  precision: Precision,
): Value[] | undefined {
  const [x] = node.inputs;
  if (node.op === 'Shape' && x) return [b.initializer(shapeOf(node, x), node.name)];
  if (node.op === 'Size' && x) return [b.initializer(int64([], [sizeOf(x.dims)]), node.name)];
  if (!x || node.inputs.some((input) => input && !input.data)) return undefined;
  const data = node.inputs.map((input) => input?.data ?? undefined);
  const folded =
    node.op === 'Cast' ? cast(node, data[0]!, precision) : FOLDS[node.op]?.(node, data);
  return folded && [folded].flat().map((tensor) => b.initializer(tensor, node.name));
}
