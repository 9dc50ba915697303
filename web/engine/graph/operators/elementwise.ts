/** Operators of two or more operands with NumPy broadcasting. */
import type { GraphWriter } from '../writer.ts';
import type { Node, Value, ValueType } from '../graph.ts';
import type { DType } from '../tensor.ts';
import { inputOf, noGradient, type Operator, type Vjp } from './operator.ts';

export function broadcastDims(...shapes: (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((dims) => dims.length));
  return Array.from({ length: rank }, (_, i) =>
    shapes.reduce((out, dims) => {
      const dim = dims[i - rank + dims.length] ?? 1;
      if (dim !== out && dim !== 1 && out !== 1)
        throw new RangeError(`${out} and ${dim} do not broadcast`);
      return out === 1 ? dim : out;
    }, 1),
  );
}

/**
 * The adjoint of broadcasting: sums `g` over the axes along which a value of `dims` was repeated.
 * Where `g` itself is still narrower than `full` (the node's output), the missing repeats are multiplied in.
 */
export function unbroadcast(
  b: GraphWriter,
  g: Value,
  dims: readonly number[],
  full: readonly number[],
): Value {
  const lead = full.length - dims.length;
  const padded = [...Array<number>(full.length - g.dims.length).fill(1), ...g.dims];
  const repeated = full.flatMap((dim, i) =>
    dim > 1 && (i < lead || dims[i - lead] === 1) ? [i] : [],
  );
  const summed = repeated.filter((i) => padded[i] !== 1);
  const repeats = repeated.reduce((n, i) => (padded[i] === 1 ? n * full[i]! : n), 1);
  const out = b.reduceSum(
    repeats === 1 ? g : b.mul(g, repeats),
    offset(summed, padded.length - g.dims.length),
  );
  if (out.dims.length <= dims.length) return out;
  return b.reshape(out, padded.map((dim, i) => (repeated.includes(i) ? 1 : dim)).slice(lead));
}

const offset = (axes: readonly number[], by: number): number[] => axes.map((axis) => axis - by);

const broadcast =
  (dtype?: DType) =>
  (node: Node): ValueType[] => {
    const values = node.inputs.map((_, i) => inputOf(node, i));
    const typed = values[node.op === 'Where' ? 1 : 0]!;
    return [
      { dtype: dtype ?? typed.dtype, dims: broadcastDims(...values.map((value) => value.dims)) },
    ];
  };

type Side = (b: GraphWriter, dy: Value, x: Value, y: Value, out: Value) => Value;

/** A rule from the cotangents of the left and the right operand, before the repeats are summed up. */
const rule =
  (left: Side, right: Side): Vjp =>
  (b, node, dy, needs) => {
    const [x, y, out] = [inputOf(node, 0), inputOf(node, 1), node.outputs[0]!];
    return [
      needs[0] ? unbroadcast(b, left(b, dy, x, y, out), x.dims, out.dims) : null,
      needs[1] ? unbroadcast(b, right(b, dy, x, y, out), y.dims, out.dims) : null,
    ];
  };

/** d(x·x) = 2·x·dx in one pass, instead of the two halves of the product rule. */
const mulRule: Vjp = (b, node, dy, needs) => {
  const [x, y] = [inputOf(node, 0), inputOf(node, 1)];
  if (x === y) return [b.mul(b.mul(dy, 2), x), null];
  return product(b, node, dy, needs);
};
const product = rule(
  (b, dy, _x, y) => b.mul(dy, y),
  (b, dy, x) => b.mul(dy, x),
);

/** The larger (smaller) operand takes the cotangent; equal ones halve it, as in PyTorch. */
const extremum = (wins: 'Greater' | 'Less'): Vjp => {
  const share = (b: GraphWriter, dy: Value, own: Value, other: Value) => {
    const tie = b.where(b.equal(own, other), b.mul(dy, 0.5), 0);
    return b.where(b.op(wins, [own, other]), dy, tie);
  };
  const both = rule(share, (b, dy, x, y) => share(b, dy, y, x));
  return (b, node, dy, needs) => {
    // A file's Max of many operands is read as a chain of pairs.
    if (node.inputs.length !== 2) throw noGradient(node, `${node.inputs.length} operands at once`);
    return both(b, node, dy, needs);
  };
};

const binary = (vjp: Vjp): Operator => ({ infer: broadcast(), vjp, broadcasts: true });

export const elementwise: Record<string, Operator> = {
  Add: binary(
    rule(
      (_b, dy) => dy,
      (_b, dy) => dy,
    ),
  ),
  Sub: binary(
    rule(
      (_b, dy) => dy,
      (b, dy) => b.neg(dy),
    ),
  ),
  Mul: binary(mulRule),
  Div: binary(
    rule(
      (b, dy, _x, y) => b.div(dy, y),
      (b, dy, _x, y, out) => b.neg(b.div(b.mul(dy, out), y)),
    ),
  ),
  // d(x^p)/dx = p·x^(p-1); d(x^p)/dp = x^p·ln x.
  Pow: binary(
    rule(
      (b, dy, x, p) => b.mul(dy, b.mul(p, b.pow(x, b.sub(p, 1)))),
      (b, dy, x, _p, out) => b.mul(dy, b.mul(out, b.log(x))),
    ),
  ),
  Max: binary(extremum('Greater')),
  Min: binary(extremum('Less')),
  Where: {
    infer: broadcast(),
    vjp: (b, node, dy, needs) => {
      const [condition, x, y] = [inputOf(node, 0), inputOf(node, 1), inputOf(node, 2)];
      const full = node.outputs[0]!.dims;
      return [
        null,
        needs[1] ? unbroadcast(b, b.where(condition, dy, 0), x.dims, full) : null,
        needs[2] ? unbroadcast(b, b.where(condition, 0, dy), y.dims, full) : null,
      ];
    },
    broadcasts: true,
  },
  Equal: { infer: broadcast('bool') },
  Greater: { infer: broadcast('bool') },
  GreaterOrEqual: { infer: broadcast('bool') },
  Less: { infer: broadcast('bool') },
  LessOrEqual: { infer: broadcast('bool') },
  And: { infer: broadcast('bool') },
};
