import { InvalidModelError, UnsupportedOperatorError } from '../errors.ts';
import { OPERATORS } from '../operators/index.ts';
import {
  reachable,
  type Attribute,
  type Attributes,
  type Graph,
  type Node,
  type Value,
} from './graph.ts';
import {
  castFloat,
  DTYPES,
  float32,
  int64,
  sizeOf,
  type DType,
  type TensorData,
} from './tensor.ts';

/** Attributes as they are written by hand: integers are ints; a float attribute is wrapped by `float()`. */
export type AttributeInput = number | string | readonly number[] | Attribute | undefined;

export const float = (value: number): Attribute => ({ kind: 'float', value });

export interface Window2d {
  readonly kernel: readonly number[];
  readonly strides?: readonly number[];
  /** top, left, bottom, right */
  readonly pads?: readonly number[];
  readonly ceil?: boolean;
}

type Operand = Value | number;

/**
 * Builds a graph node by node; every value gets its dtype and dims at once, so a mistake
 * shows where it is made. Operands that are plain numbers become scalars.
 */
export class GraphBuilder {
  readonly #nodes: Node[] = [];
  readonly #inputs: Value[] = [];
  readonly #outputs: Value[] = [];
  readonly #names = new Map<string, number>();
  readonly #constants = new Map<string, Value>();

  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  input(name: string, dims: readonly number[], dtype: DType = 'float32'): Value {
    const value = { name: this.#unique(name), dtype, dims, producer: null, data: null };
    this.#inputs.push(value);
    return value;
  }

  /** An initializer over the given data, which is not copied. */
  initializer(data: TensorData, name = 'constant'): Value {
    return { name: this.#unique(name), dtype: data.dtype, dims: data.dims, producer: null, data };
  }

  /** A float scalar; equal ones share one initializer. */
  scalar(value: number, dtype: DType = 'float32'): Value {
    const half = dtype === 'float16';
    return this.#shared(`${half ? 'h' : 'f'}${value}`, () => {
      const full = float32([], [value]);
      return half ? castFloat(full, 'float16') : full;
    });
  }

  ints(values: readonly number[]): Value {
    return this.#shared(`i${values.join()}`, () => int64([values.length], values));
  }

  floats(values: readonly number[]): Value {
    return this.#shared(`F${values.join()}`, () => float32([values.length], values));
  }

  #shared(key: string, make: () => TensorData): Value {
    let value = this.#constants.get(key);
    if (!value) this.#constants.set(key, (value = this.initializer(make())));
    return value;
  }

  /** Declares `value` an output, read by `name`. Returns the value as it is listed. */
  output(value: Value, name: string): Value {
    const node = this.nodeOf('Identity', [value], {}, { outputs: [name] });
    this.#outputs.push(node.outputs[0]!);
    return node.outputs[0]!;
  }

  /** Nodes that no output needs are left out. */
  build(): Graph {
    const nodes = reachable(this.#nodes, this.#outputs);
    const initializers = new Set<Value>();
    for (const node of nodes)
      for (const input of node.inputs) if (input?.data) initializers.add(input);
    return { inputs: this.#inputs, outputs: this.#outputs, nodes, initializers: [...initializers] };
  }

  /** Adds a node with one output and returns that output. */
  op(
    op: string,
    inputs: readonly (Value | null)[],
    attributes: Record<string, AttributeInput> = {},
  ): Value {
    return this.nodeOf(op, inputs, attributes).outputs[0]!;
  }

  /** Adds a node. Throws UnsupportedOperatorError if the operator is unknown, InvalidModelError if dims do not fit. */
  nodeOf(
    op: string,
    inputs: readonly (Value | null)[],
    attributes: Record<string, AttributeInput> = {},
    names: { readonly name?: string; readonly outputs?: readonly string[] } = {},
  ): Node {
    const operator = OPERATORS[op];
    if (!operator) throw unknownOperator(op, names.name ?? '(unnamed)');
    const tidy = tidyAttributes(attributes);
    const name = this.#unique(names.name ?? op);
    const node = { name, op, inputs, attributes: tidy, outputs: [] as Value[] };
    for (const [i, type] of inferOrExplain(operator.infer, node).entries()) {
      const own = this.#unique(names.outputs?.[i] ?? `${name}_out`);
      node.outputs.push({ ...type, name: own, producer: node, data: null });
    }
    this.#nodes.push(node);
    return node;
  }

  #unique(wanted: string): string {
    const count = this.#names.get(wanted) ?? 0;
    this.#names.set(wanted, count + 1);
    return count === 0 ? wanted : this.#unique(`${wanted}.${count}`);
  }

  /** Numbers take the float type of the operand beside them. */
  #operands(a: Operand, b: Operand): [Value, Value] {
    const dtype = typeof a !== 'number' ? a.dtype : typeof b !== 'number' ? b.dtype : 'float32';
    const value = (x: Operand) => (typeof x === 'number' ? this.scalar(x, dtype) : x);
    return [value(a), value(b)];
  }

  #binary(op: string, a: Operand, b: Operand): Value {
    return this.op(op, this.#operands(a, b));
  }

  // Arithmetic, with NumPy broadcasting.
  add = (a: Operand, b: Operand): Value => this.#binary('Add', a, b);
  sub = (a: Operand, b: Operand): Value => this.#binary('Sub', a, b);
  mul = (a: Operand, b: Operand): Value => this.#binary('Mul', a, b);
  div = (a: Operand, b: Operand): Value => this.#binary('Div', a, b);
  pow = (a: Operand, b: Operand): Value => this.#binary('Pow', a, b);
  min = (a: Operand, b: Operand): Value => this.#binary('Min', a, b);
  equal = (a: Operand, b: Operand): Value => this.#binary('Equal', a, b);
  greater = (a: Operand, b: Operand): Value => this.#binary('Greater', a, b);
  less = (a: Operand, b: Operand): Value => this.#binary('Less', a, b);
  where = (condition: Value, a: Operand, b: Operand): Value =>
    this.op('Where', [condition, ...this.#operands(a, b)]);

  neg = (x: Value): Value => this.op('Neg', [x]);
  abs = (x: Value): Value => this.op('Abs', [x]);
  sign = (x: Value): Value => this.op('Sign', [x]);
  sqrt = (x: Value): Value => this.op('Sqrt', [x]);
  log = (x: Value): Value => this.op('Log', [x]);
  exp = (x: Value): Value => this.op('Exp', [x]);
  relu = (x: Value): Value => this.op('Relu', [x]);
  square = (x: Value): Value => this.mul(x, x);
  clip = (x: Value, low: number, high: number): Value =>
    this.op('Clip', [x, this.scalar(low, x.dtype), this.scalar(high, x.dtype)]);
  cast = (x: Value, dtype: DType): Value =>
    x.dtype === dtype ? x : this.op('Cast', [x], { to: DTYPES[dtype].code });

  // Linear algebra.
  matMul = (a: Value, b: Value): Value => this.op('MatMul', [a, b]);

  /** Cross-correlation, NCHW by OIHW. */
  conv(
    x: Value,
    kernel: Value,
    bias: Value | null,
    {
      strides = [1, 1],
      pads = [0, 0, 0, 0],
      group = 1,
    }: {
      readonly strides?: readonly number[];
      readonly pads?: readonly number[];
      readonly group?: number;
    } = {},
  ): Value {
    const inputs = bias ? [x, kernel, bias] : [x, kernel];
    return this.op('Conv', inputs, { kernel_shape: kernel.dims.slice(2), strides, pads, group });
  }

  maxPool = (x: Value, window: Window2d): Value =>
    this.op('MaxPool', [x], windowAttributes(window));

  // Shape.
  reshape(x: Value, dims: readonly number[]): Value {
    return sameDims(x.dims, dims) ? x : this.op('Reshape', [x, this.ints(dims)]);
  }

  transpose = (x: Value, perm: readonly number[]): Value => this.op('Transpose', [x], { perm });

  /** The last two axes swapped. */
  transposeLast(x: Value): Value {
    const axes = x.dims.map((_, i) => i);
    return this.transpose(x, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]);
  }

  concat = (values: readonly Value[], axis: number): Value =>
    values.length === 1 ? values[0]! : this.op('Concat', values, { axis });

  /** Elements `starts[i] <= k < ends[i]` of axis `axes[i]`, every `steps[i]`-th. */
  slice(
    x: Value,
    axes: readonly number[],
    starts: readonly number[],
    ends: readonly number[],
    steps: readonly number[] = axes.map(() => 1),
  ): Value {
    const whole = axes.every(
      (axis, i) => starts[i] === 0 && ends[i]! >= x.dims[axis]! && steps[i] === 1,
    );
    if (whole) return x;
    return this.op('Slice', [x, ...[starts, ends, axes, steps].map((list) => this.ints(list))]);
  }

  /** `pads`: all begins, then all ends, one pair an axis. */
  pad(
    x: Value,
    pads: readonly number[],
    mode: 'constant' | 'reflect' | 'edge' = 'constant',
  ): Value {
    if (pads.every((pad) => pad === 0)) return x;
    return this.op('Pad', [x, this.ints(pads)], { mode });
  }

  expand = (x: Value, dims: readonly number[]): Value =>
    sameDims(x.dims, dims) ? x : this.op('Expand', [x, this.ints(dims)]);

  reduceSum = (x: Value, axes: readonly number[], keepdims = true): Value =>
    axes.length === 0
      ? x
      : this.op('ReduceSum', [x, this.ints(axes)], { keepdims: Number(keepdims) });

  /**
   * Sum over all elements, as a scalar: axis by axis, because runtimes add one long row up naively (which loses digits
   * in float32) and by one thread (which starves a GPU).
   */
  sum(x: Value): Value {
    let out = x;
    for (let axis = x.dims.length - 1; axis >= 0; axis--) {
      if (out.dims[axis] !== 1) out = this.reduceSum(out, [axis]);
    }
    return this.reshape(out, []);
  }

  /** Mean over all elements, as a scalar. */
  mean = (x: Value): Value => this.mul(this.sum(x), 1 / sizeOf(x.dims));
}

export function sameDims(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

function windowAttributes({ kernel, strides = kernel, pads = [0, 0, 0, 0], ceil }: Window2d) {
  return { kernel_shape: kernel, strides, pads, ceil_mode: ceil ? 1 : undefined };
}

function tidyAttributes(attributes: Record<string, AttributeInput>): Attributes {
  const tidy: Record<string, Attribute> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    if (typeof value === 'number') tidy[name] = { kind: 'int', value };
    else if (typeof value === 'string') tidy[name] = { kind: 'string', value };
    else tidy[name] = 'kind' in value ? value : { kind: 'ints', value };
  }
  return tidy;
}

function inferOrExplain(
  infer: (node: Node) => ReturnType<(typeof OPERATORS)[string]['infer']>,
  node: Node,
) {
  try {
    return infer(node);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const dims = node.inputs.map((input) => (input ? `[${input.dims.join(', ')}]` : '-')).join(' ');
    throw new InvalidModelError(
      `${node.op} node "${node.name}" does not fit its inputs ${dims}: ${error.message}`,
      'The model file is damaged, or made for another input size.',
      { cause: error },
    );
  }
}

function unknownOperator(op: string, node: string): UnsupportedOperatorError {
  return new UnsupportedOperatorError(
    `the operator ${op} (node "${node}") is not supported`,
    `Use a network made of these operators: ${Object.keys(OPERATORS).join(', ')}.`,
  );
}
