/**
 * Products with few results and very long inner sums (Gram matrices, inner products) in batches: a GPU gives each result
 * to one thread, and a handful of threads starves it. Gram matrices that fill it are written without the transpose.
 */
import type { GraphBuilder } from '../graph/builder.ts';
import { intAttribute, type Graph, type Node, type Value } from '../graph/graph.ts';
import { rewrite } from './rewriter.ts';

/** About so many products in a row. */
const COLUMNS = 1024;
/** Results that fill a GPU as they are. */
const ENOUGH_RESULTS = 256 * 256;

export function splitSums(graph: Graph): Graph {
  return rewrite(graph, (b, node, inputs) => {
    const [left, right] = inputs as [Value, Value];
    if (isGram(node)) return cut(b, left, left) ?? b.op('Gemm', [left, left], { transB: 1 });
    const inner =
      node.op === 'Gemm' &&
      node.inputs.length === 2 &&
      Object.keys(node.attributes).length === 1 &&
      intAttribute(node.attributes, 'transB', 0) === 1;
    return inner ? cut(b, left, right) : undefined;
  });
}

/** F·Fᵀ of a matrix. */
function isGram({ op, inputs: [left, right] }: Node): boolean {
  const of = right?.producer;
  return (
    op === 'MatMul' && left?.dims.length === 2 && of?.op === 'Transpose' && of.inputs[0] === left
  );
}

/** left·rightᵀ for [p, n] and [q, n]. */
function cut(b: GraphBuilder, left: Value, right: Value): Value | undefined {
  const [[p, n], [q]] = [left.dims as [number, number], right.dims as [number, number]];
  const batches = p * q < ENOUGH_RESULTS ? divisorNear(n, n / COLUMNS) : 1;
  if (batches === 1) return undefined;
  const rows = (x: Value, perm: readonly number[]) =>
    b.transpose(b.reshape(x, [x.dims[0]!, batches, n / batches]), perm);
  return b.reduceSum(b.matMul(rows(left, [1, 0, 2]), rows(right, [1, 2, 0])), [0], false);
}

/** The divisor of `n` nearest to `wanted`. */
export function divisorNear(n: number, wanted: number): number {
  let best = 1;
  for (let d = 1; d * d <= n; d++) {
    if (n % d !== 0) continue;
    for (const one of [d, n / d]) if (Math.abs(one - wanted) < Math.abs(best - wanted)) best = one;
  }
  return best;
}
