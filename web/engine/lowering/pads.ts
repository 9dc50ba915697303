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
 * Zeros in front of a 1 x 1 convolution by Concat in place of Pad or of its own `pads`: onnxruntime-web 1.30 joins Pad and
 * Conv, and on WebGPU takes a 1 x 1 convolution that is padded at the ends alone for one without padding.
 */
export function padsApart(graph: Graph): Graph {
  return rewrite(graph, (b, node, inputs) => {
    if (node.op !== 'Conv' || !node.inputs[1]!.dims.slice(2).every((size) => size === 1))
      return undefined;
    const pad = node.inputs[0]?.producer;
    let x = inputs[0]!;
    if (pad?.op === 'Pad' && padsWithZeros(pad))
      x = zerosAround(b, x.producer!.inputs[0]!, padsOf(pad));
    let { attributes } = node;
    const own = intsAttribute(attributes, 'pads', []);
    if (own.some((amount) => amount > 0)) {
      const [begin, end] = [own.slice(0, 2), own.slice(2)].map((side) => [0, 0, ...side]);
      x = zerosAround(b, x, { begin: begin!, end: end! });
      attributes = { ...attributes, pads: { kind: 'ints', value: [0, 0, 0, 0] } };
    }
    if (x === inputs[0]) return undefined;
    return b.nodeOf(node.op, [x, ...inputs.slice(1)], attributes).outputs[0]!;
  });
}

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
