/** The gradient of a ReLU whose value is pooled, on the pooled picture: a quarter of the bytes. */
import { toFloat32 } from '../graph/tensor.ts';
import type { Graph, Node, Value } from '../graph/graph.ts';
import { rewrite } from './rewriter.ts';

/**
 * where(y > 0, poolGradient(y, p, dp), 0) = poolGradient(y, p, where(p > 0, dp, 0)) for y = relu(x): what a window received
 * goes to a place that equals p, and all of a window's places are zero where p is.
 */
export function masksBehindPooling(graph: Graph): Graph {
  return rewrite(graph, (b, node, inputs) => {
    const pooling = pooledReluOf(node);
    if (!pooling) return undefined;
    const [own, pooled, dy] = inputs[1]!.producer!.inputs as [Value, Value, Value];
    const masked = b.where(b.greater(pooled, 0), dy, 0);
    return b.op('MaxPoolGradient', [own, pooled, masked], pooling.attributes);
  });
}

/** Of where(y > 0, poolGradient(y, p, dp), 0) with y = relu(x) the pooling's gradient. */
export function pooledReluOf(node: Node): Node | undefined {
  const pooling = node.inputs[1]?.producer;
  if (!isReluGradient(node) || pooling?.op !== 'MaxPoolGradient') return undefined;
  const [y] = pooling.inputs;
  const masked = node.inputs[0]!.producer!.inputs[0];
  return y?.producer?.op === 'Relu' && masked === y ? pooling : undefined;
}

/** where(y > 0, dy, 0) */
function isReluGradient({ op, inputs: [condition, , other] }: Node): boolean {
  const compared = condition?.producer;
  const zero = (value: Value | null | undefined) =>
    value?.data?.dims.length === 0 && toFloat32(value.data)[0] === 0;
  return op === 'Where' && zero(other) && compared?.op === 'Greater' && zero(compared.inputs[1]);
}
