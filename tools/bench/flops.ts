/** Floating point operations of a graph: two for each multiplication with its addition, in convolutions and matrix products. */
import type { Graph, Node } from '../../web/engine/graph/graph.ts';
import { sizeOf } from '../../web/engine/graph/tensor.ts';

export function flopsOf(graph: Graph): number {
  return graph.nodes.reduce((sum, node) => sum + flopsOfNode(node), 0);
}

/** Everything else is linear in the number of elements: below a hundredth of the whole in these networks. */
export function flopsOfNode({ op, inputs, outputs, attributes }: Node): number {
  const [a, b] = inputs;
  const out = sizeOf(outputs[0]!.dims);
  switch (op) {
    case 'Conv':
      // Weights are [out, in / group, kernel...]: each output element sums over all but the first.
      return 2 * out * sizeOf(b!.dims.slice(1));
    case 'MatMul':
      return 2 * out * a!.dims.at(-1)!;
    case 'Gemm': {
      const transposed = attributes['transA']?.kind === 'int' && attributes['transA'].value === 1;
      return 2 * out * a!.dims.at(transposed ? 0 : 1)!;
    }
    default:
      return 0;
  }
}
