import type { GraphBuilder } from '../graph/builder.ts';
import {
  intsAttribute,
  stringAttribute,
  type Graph,
  type Node,
  type Value,
} from '../graph/graph.ts';
import { padsOf } from '../graph/operators/cut.ts';
import { toFloat32 } from '../graph/tensor.ts';
import { rewrite } from './rewriter.ts';

/**
 * Zeros in front of a 1 x 1 convolution by Concat in place of Pad: onnxruntime-web 1.30 joins Pad and Conv, and on WebGPU
 * takes a 1 x 1 convolution that is padded at the ends alone for one without padding.
 */
export function padsApart(graph: Graph): Graph {
  return rewrite(graph, (b, node, inputs) => {
    const pad = node.inputs[0]?.producer;
    if (!isPointwise(node) || pad?.op !== 'Pad' || !padsWithZeros(pad)) return undefined;
    const own = inputs[0]!.producer!.inputs[0]!;
    const padded = zerosAround(b, own, padsOf(pad));
    return b.nodeOf(node.op, [padded, ...inputs.slice(1)], node.attributes).outputs[0]!;
  });
}

const isPointwise = ({ op, attributes, inputs }: Node): boolean =>
  op === 'Conv' &&
  inputs[1]!.dims.slice(2).every((size) => size === 1) &&
  intsAttribute(attributes, 'pads', []).every((pad) => pad === 0);

/** None of them a crop. */
function padsWithZeros(pad: Node): boolean {
  const [, , value] = pad.inputs;
  const { begin, end } = padsOf(pad);
  return (
    stringAttribute(pad.attributes, 'mode', 'constant') === 'constant' &&
    [...begin, ...end].every((amount) => amount >= 0) &&
    (!value || (!!value.data && toFloat32(value.data)[0] === 0))
  );
}

function zerosAround(b: GraphBuilder, x: Value, { begin, end }: ReturnType<typeof padsOf>): Value {
  return x.dims.reduce<Value>((whole, _, axis) => {
    const zeros = (count: number) => {
      const dims = whole.dims.map((size, i) => (i === axis ? count : size));
      return count > 0 ? [b.expand(b.scalar(0, x.dtype), dims)] : [];
    };
    const parts = [...zeros(begin[axis]!), whole, ...zeros(end[axis]!)];
    return parts.length > 1 ? b.concat(parts, axis) : whole;
  }, x);
}
