/**
 * Products with few results and very long inner sums (Gram matrices, inner products) with shorter sums: a GPU gives each
 * result to one thread, and a handful of threads starves it. Gram matrices that fill it are written without the transpose.
 */
import type { GraphBuilder } from '../graph/builder.ts';
import { intAttribute, type Graph, type Node, type Value } from '../graph/graph.ts';
import { castFloat, float32 } from '../graph/tensor.ts';
import { rewrite } from './rewriter.ts';

/** A sum shorter than this is not cut. */
const SHORTEST = 1024;
/** Results that fill a GPU: tiles of 32 x 32 for 16 cores. */
const ENOUGH_RESULTS = 128 * 128;

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

/**
 * left·rightᵀ for [p, n] and [q, n]. Each row is cut into `parts` rows by looking at it under other dims, and every part
 * is multiplied with every other, of which those at the same place count: `parts` times the arithmetic where
 * there is little of it, and nothing is moved, as a product of transposed batches would have it.
 */
function cut(b: GraphBuilder, left: Value, right: Value): Value | undefined {
  const [[p, n], [q]] = [left.dims as [number, number], right.dims as [number, number]];
  const parts = divisorNear(n, Math.min(n / SHORTEST, Math.sqrt(ENOUGH_RESULTS / (p * q))));
  if (parts === 1) return undefined;
  const rows = (x: Value) => b.reshape(x, [x.dims[0]! * parts, n / parts]);
  const products = b.op('Gemm', [rows(left), rows(right)], { transB: 1 });
  const same = float32([1, parts, 1, parts], identity(parts));
  const ofSamePlace = b.mul(
    b.reshape(products, [p, parts, q, parts]),
    b.initializer(castFloat(same, left.dtype as 'float32' | 'float16')),
  );
  return b.reduceSum(ofSamePlace, [1, 3], false);
}

function identity(side: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(side * side);
  for (let i = 0; i < side; i++) values[i * (side + 1)] = 1;
  return values;
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
