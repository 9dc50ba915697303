/** Reductions and softmax in terms of sums and maxima. */
import type { GraphBuilder } from '../../graph/builder.ts';
import { intAttribute, type Value } from '../../graph/graph.ts';
import type { AttributeTable } from '../../graph/operators/attributes.ts';
import { normalAxis } from '../../graph/operators/operator.ts';
import { sizeOf } from '../../graph/tensor.ts';
import { composed, type Composition } from './composition.ts';

const attributes: AttributeTable = { keepdims: 'all', noop_with_empty_axes: 'all' };

type Step = (b: GraphBuilder, x: Value) => Value;

/** after(Σ before(x)) */
const sumOf = (before: Step, after: Step): Composition =>
  composed(attributes, (b, node, [x, ...axes]) =>
    after(b, b.op('ReduceSum', [before(b, x!), ...axes], node.attributes)),
  );

const same: Step = (_b, x) => x;
const square: Step = (b, x) => b.square(x);
const log: Step = (b, x) => b.log(x);

/** ln Σ exp x, shifted by the largest x so that nothing overflows. */
const logSumExp = composed(attributes, (b, node, [x, ...axes]) => {
  const keep = { ...node.attributes, keepdims: 1 };
  const largest = b.op('ReduceMax', [x!, ...axes], keep);
  const sum = b.op('ReduceSum', [b.exp(b.sub(x!, largest)), ...axes], node.attributes);
  return b.add(b.log(sum), b.reshape(largest, sum.dims));
});

/** Up to opset 12 the axes from `axis` (1) on are one, from 13 on it is a single axis (the last). */
const softmax =
  (write: (b: GraphBuilder, x: Value, axis: number) => Value): Composition['write'] =>
  (b, node, opset) => {
    const x = node.inputs[0]!;
    const flat = opset < 13;
    const axis = normalAxis(intAttribute(node.attributes, 'axis', flat ? 1 : -1), x.dims.length);
    if (!flat) return [write(b, x, axis)];
    const rows = [sizeOf(x.dims.slice(0, axis)), sizeOf(x.dims.slice(axis))];
    return [b.reshape(write(b, b.reshape(x, rows), 1), x.dims)];
  };

function logSoftmax(b: GraphBuilder, x: Value, axis: number): Value {
  const low = b.sub(x, b.op('ReduceMax', [x, b.ints([axis])], { keepdims: 1 }));
  return b.sub(low, b.log(b.reduceSum(b.exp(low), [axis])));
}

/** The picture as a whole. */
const globalMax = composed({}, (b, _node, [x]) => {
  const space = x!.dims.slice(2).map((_, i) => 2 + i);
  return b.op('ReduceMax', [x!, b.ints(space)], { keepdims: 1 });
});

export const reductions: Record<string, Composition> = {
  ReduceL1: sumOf((b, x) => b.abs(x), same),
  ReduceL2: sumOf(square, (b, x) => b.sqrt(x)),
  ReduceSumSquare: sumOf(square, same),
  ReduceLogSum: sumOf(same, log),
  ReduceLogSumExp: logSumExp,
  GlobalMaxPool: globalMax,
  Softmax: {
    attributes: { axis: 'all' },
    write: softmax((b, x, axis) => b.op('Softmax', [x], { axis })),
  },
  LogSoftmax: { attributes: { axis: 'all' }, write: softmax(logSoftmax) },
};
