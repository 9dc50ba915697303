/** Operators of any number of operands or outputs, and matrix products with vectors. */
import type { GraphBuilder } from '../../graph/builder.ts';
import { intAttribute, type Value } from '../../graph/graph.ts';
import { normalAxis, optionalConstantOf } from '../../graph/operators/operator.ts';
import type { PendingNode } from '../pending.ts';
import { composed, type Composition } from './composition.ts';

const chain = (op: string): Composition =>
  composed({}, (b, _node, inputs) => inputs.reduce((left, right) => b.op(op, [left, right])));

/** The parts by sizes, or `outputs` parts as even as can be, the last one smaller (from opset 18 on). */
function partsOf(node: PendingNode, size: number, outputs: number): number[] {
  const given = optionalConstantOf(node, 1);
  if (given) return given;
  const each = Math.ceil(size / intAttribute(node.attributes, 'num_outputs', outputs));
  return Array.from({ length: outputs }, (_, i) => Math.min(each, size - i * each));
}

function split(b: GraphBuilder, node: PendingNode): Value[] {
  const x = node.inputs[0]!;
  const axis = normalAxis(intAttribute(node.attributes, 'axis', 0), x.dims.length);
  const size = x.dims[axis]!;
  const parts = partsOf(node, size, node.outputCount);
  if (parts.reduce((sum, part) => sum + part, 0) !== size) {
    throw new RangeError(`parts ${parts.join(', ')} of ${size}`);
  }
  let start = 0;
  return parts.map((part) => {
    const from = start;
    start += part;
    return b.slice(x, [axis], [from], [start]);
  });
}

/** A vector on the left is a row, on the right a column, and the axis goes again afterwards. */
function matMul(b: GraphBuilder, node: PendingNode): Value[] {
  const [x, y] = node.inputs as [Value, Value];
  const row = x.dims.length === 1 ? b.reshape(x, [1, ...x.dims]) : x;
  const column = y.dims.length === 1 ? b.reshape(y, [...y.dims, 1]) : y;
  if (row === x && column === y) {
    return [...b.nodeOf('MatMul', node.inputs, node.attributes, { name: node.name }).outputs];
  }
  const product = b.matMul(row, column);
  const rank = product.dims.length;
  const gone = [...(row === x ? [] : [rank - 2]), ...(column === y ? [] : [rank - 1])];
  return [
    b.reshape(
      product,
      product.dims.filter((_, i) => !gone.includes(i)),
    ),
  ];
}

export const several: Record<string, Composition> = {
  Sum: chain('Add'),
  Max: chain('Max'),
  Min: chain('Min'),
  Mean: composed({}, (b, _node, inputs) =>
    b.mul(
      inputs.reduce((sum, value) => b.add(sum, value)),
      1 / inputs.length,
    ),
  ),
  Split: { attributes: { axis: 'all', num_outputs: 'all' }, write: split },
  MatMul: { write: matMul },
};
