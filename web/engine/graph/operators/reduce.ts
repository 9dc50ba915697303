/** Reductions, and Softmax, which is one in disguise. */
import type { GraphWriter } from '../writer.ts';
import { intAttribute, type Node, type Value } from '../graph.ts';
import type { AttributeTable } from './attributes.ts';
import {
  inputOf,
  normalAxis,
  optionalConstantOf,
  sameAsInput,
  typed,
  type Operator,
  type Vjp,
} from './operator.ts';

function axesOf(node: Node): number[] {
  const { dims } = inputOf(node, 0);
  const axes = optionalConstantOf(node, 1) ?? [];
  const noop = intAttribute(node.attributes, 'noop_with_empty_axes', 0) === 1;
  if (axes.length === 0) return noop ? [] : dims.map((_, i) => i);
  return axes.map((axis) => normalAxis(axis, dims.length));
}

const attributes: AttributeTable = { keepdims: 'all', noop_with_empty_axes: 'all' };

const infer = (node: Node) => {
  const { dtype, dims } = inputOf(node, 0);
  const axes = axesOf(node);
  const keep = intAttribute(node.attributes, 'keepdims', 1) === 1;
  const out = dims.flatMap((dim, i) => (!axes.includes(i) ? [dim] : keep ? [1] : []));
  return typed(dtype, out);
};

/** dy with the reduced axes back as 1, which broadcasts to the input's dims. */
function keptDims(b: GraphWriter, node: Node, dy: Value): Value {
  // A scalar, or a cotangent narrower than the output, broadcasts as it is only if it is one number.
  if (dy.dims.length === 0) return dy;
  const axes = axesOf(node);
  const full = b.expand(dy, node.outputs[0]!.dims);
  return b.reshape(
    full,
    inputOf(node, 0).dims.map((dim, i) => (axes.includes(i) ? 1 : dim)),
  );
}

/** Equal maxima share the cotangent, as in PyTorch's amax. */
const extremum: Vjp = (b, node, dy) => {
  const x = inputOf(node, 0);
  const found = b.equal(x, keptDims(b, node, node.outputs[0]!));
  const hits = b.where(found, b.scalar(1, x.dtype), 0);
  const share = b.div(hits, b.reduceSum(hits, axesOf(node)));
  return [b.mul(share, keptDims(b, node, dy))];
};

export const reduceOperators: Record<string, Operator> = {
  ReduceSum: { attributes, infer, vjp: (b, node, dy) => [keptDims(b, node, dy)], broadcasts: true },
  ReduceMean: {
    attributes,
    infer,
    vjp: (b, node, dy) => {
      const { dims } = inputOf(node, 0);
      const count = axesOf(node).reduce((product, axis) => product * dims[axis]!, 1);
      return [b.mul(keptDims(b, node, dy), 1 / count)];
    },
    broadcasts: true,
  },
  ReduceMax: { attributes, infer, vjp: extremum },
  ReduceMin: { attributes, infer, vjp: extremum },

  // y = softmax(x): dx = (dy - Σ dy·y)·y along the axis.
  Softmax: {
    attributes: { axis: 'all' },
    infer: sameAsInput,
    vjp: (b, node, dy) => {
      const y = node.outputs[0]!;
      const axis = normalAxis(intAttribute(node.attributes, 'axis', -1), y.dims.length);
      return [b.mul(b.sub(dy, b.reduceSum(b.mul(dy, y), [axis])), y)];
    },
  },
};
