import type { Attribute, Node, Value } from './graph.ts';
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
 * Arithmetic in terms of nodes, wherever they are written to. Rules of differentiation, losses and layers are written
 * against this; it knows no operator's shape rule. Operands that are plain numbers become scalars.
 */
export abstract class GraphWriter {
  readonly #constants = new Map<string, Value>();

  /** Adds a node. Throws UnsupportedOperatorError if the operator is unknown, InvalidModelError if dims do not fit. */
  abstract nodeOf(
    op: string,
    inputs: readonly (Value | null)[],
    attributes?: Record<string, AttributeInput>,
    names?: { readonly name?: string; readonly outputs?: readonly string[] },
  ): Node;

  /** An initializer over the given data, which is not copied. */
  abstract initializer(data: TensorData, name?: string): Value;

  /** Adds a node with one output and returns that output. */
  op(
    op: string,
    inputs: readonly (Value | null)[],
    attributes: Record<string, AttributeInput> = {},
  ): Value {
    return this.nodeOf(op, inputs, attributes).outputs[0]!;
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

  /** The largest element, as a scalar; axis by axis, as `sum`. */
  max(x: Value): Value {
    let out = x;
    for (let axis = x.dims.length - 1; axis >= 0; axis--) {
      if (out.dims[axis] !== 1)
        out = this.op('ReduceMax', [out, this.ints([axis])], { keepdims: 1 });
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
