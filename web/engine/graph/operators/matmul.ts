/** Matrix products. */
import type { GraphWriter } from '../writer.ts';
import { floatAttribute, intAttribute, type Node, type Value } from '../graph.ts';
import { broadcastDims, unbroadcast } from './elementwise.ts';
import { inputOf, typed, type Operator } from './operator.ts';

/** Is `right` the matrix transpose of `left`? Then left·right is a Gram matrix. */
function isTransposeOf(right: Value, left: Value): boolean {
  const node = right.producer;
  if (node?.op !== 'Transpose' || node.inputs[0] !== left) return false;
  const perm = node.attributes['perm'];
  const last = left.dims.length - 1;
  if (perm?.kind !== 'ints') return last === 1;
  return perm.value[last] === last - 1 && perm.value[last - 1] === last;
}

/** G = F·Fᵀ: dF = (dG + dGᵀ)·F, one product instead of two. */
const gramGradient = (b: GraphWriter, dy: Value, f: Value): Value =>
  b.matMul(b.add(dy, b.transposeLast(dy)), f);

const matMul: Operator = {
  infer: (node) => {
    const [x, y] = [inputOf(node, 0), inputOf(node, 1)];
    if (x.dims.length < 2 || y.dims.length < 2) throw new RangeError('MatMul needs matrices');
    const [rows, inner] = x.dims.slice(-2) as [number, number];
    const [other, columns] = y.dims.slice(-2) as [number, number];
    if (inner !== other) throw new RangeError(`inner dims ${inner} and ${other} differ`);
    return typed(x.dtype, [
      ...broadcastDims(x.dims.slice(0, -2), y.dims.slice(0, -2)),
      rows,
      columns,
    ]);
  },
  // Y = A·B: dA = dY·Bᵀ, dB = Aᵀ·dY.
  vjp: (b, node, dy, needs) => {
    const [x, y] = [inputOf(node, 0), inputOf(node, 1)];
    if (needs[0] && isTransposeOf(y, x)) return [gramGradient(b, dy, x), null];
    const batch = dy.dims.slice(0, -2);
    const adjoint = (product: Value, of: Value) =>
      unbroadcast(b, product, of.dims, [...batch, ...of.dims.slice(-2)]);
    return [
      needs[0] ? adjoint(b.matMul(dy, b.transposeLast(y)), x) : null,
      needs[1] ? adjoint(b.matMul(b.transposeLast(x), dy), y) : null,
    ];
  },
};

interface GemmForm {
  a: Value;
  b: Value;
  c: Value | null;
  alpha: number;
  beta: number;
  transA: boolean;
  transB: boolean;
}

function gemmForm(node: Node): GemmForm {
  return {
    a: inputOf(node, 0),
    b: inputOf(node, 1),
    c: node.inputs[2] ?? null,
    alpha: floatAttribute(node.attributes, 'alpha', 1),
    beta: floatAttribute(node.attributes, 'beta', 1),
    transA: intAttribute(node.attributes, 'transA', 0) === 1,
    transB: intAttribute(node.attributes, 'transB', 0) === 1,
  };
}

const gemm: Operator = {
  attributes: { alpha: 'all', beta: 'all', transA: 'all', transB: 'all' },
  infer: (node) => {
    const { a, b, transA, transB } = gemmForm(node);
    const [m, k] = transA ? [a.dims[1]!, a.dims[0]!] : [a.dims[0]!, a.dims[1]!];
    const [l, n] = transB ? [b.dims[1]!, b.dims[0]!] : [b.dims[0]!, b.dims[1]!];
    if (k !== l) throw new RangeError(`inner dims ${k} and ${l} differ`);
    return typed(a.dtype, [m, n]);
  },
  // Y = α·A'·B' + β·C with A' = A or Aᵀ: dA' = α·dY·B'ᵀ, dB' = α·A'ᵀ·dY, dC = β·dY.
  vjp: (builder, node, dy, needs) => {
    const { a, b, c, alpha, beta, transA, transB } = gemmForm(node);
    const scaled = alpha === 1 ? dy : builder.mul(dy, alpha);
    const flip = (x: Value, flipped: boolean) => (flipped ? builder.transposeLast(x) : x);
    const da = () => flip(builder.matMul(scaled, flip(b, !transB)), transA);
    const db = () => flip(builder.matMul(flip(a, !transA), scaled), transB);
    const dc = () =>
      unbroadcast(builder, beta === 1 ? dy : builder.mul(dy, beta), c!.dims, dy.dims);
    const third = needs[2] ? dc() : null;
    if (a === b && transB && !transA && needs[0]) {
      return [gramGradient(builder, scaled, a), null, third];
    }
    return [needs[0] ? da() : null, needs[1] ? db() : null, third];
  },
};

export const matmulOperators: Record<string, Operator> = { MatMul: matMul, Gemm: gemm };
