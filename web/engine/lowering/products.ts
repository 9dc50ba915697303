import { readersOf, type Graph, type Node, type Value } from '../graph/graph.ts';
import { sameDims } from '../graph/writer.ts';
import { rewrite } from './rewriter.ts';

/**
 * A matrix product with another matrix added as one Gemm: the product is not written and read again. It is how a style
 * loss's gradient meets the one of the layers above.
 */
export function addedProducts(graph: Graph): Graph {
  const readers = readersOf(graph);
  return rewrite(graph, (b, { op, inputs: old }, inputs) => {
    if (op !== 'Add' || !sameDims(old[0]!.dims, old[1]!.dims)) return undefined;
    const at = old.findIndex((value) => productOf(value!, readers));
    if (at < 0) return undefined;
    const other = inputs[1 - at]!;
    const product = productOf(inputs[at]!)!;
    const dims = product.outputs[0]!.dims;
    return b.reshape(b.op('Gemm', [...product.inputs, b.reshape(other, dims)]), other.dims);
  });
}

/** The product of two matrices behind a value, reshaped or not; with `readers`, one that nothing else reads. */
function productOf(value: Value, readers?: ReadonlyMap<Value, number>): Node | undefined {
  const alone = !readers || readers.get(value) === 1;
  const { producer } = value;
  if (!producer || !alone) return undefined;
  if (producer.op === 'Reshape') return productOf(producer.inputs[0]!, readers);
  const matrices = producer.inputs.every((input) => input?.dims.length === 2);
  return producer.op === 'MatMul' && matrices ? producer : undefined;
}
