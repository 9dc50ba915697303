/** Einsum of one or two operands as transpositions, sums and one matrix product. */
import type { GraphBuilder } from '../../graph/builder.ts';
import { stringAttribute, type Value } from '../../graph/graph.ts';
import { unsupported } from '../../graph/operators/operator.ts';
import { sizeOf } from '../../graph/tensor.ts';
import type { PendingNode } from '../pending.ts';
import type { Composition } from './composition.ts';

/** A tensor whose axes have letters. */
interface Lettered {
  readonly value: Value;
  readonly letters: readonly string[];
}

interface Equation {
  readonly terms: readonly (readonly string[])[];
  readonly result: readonly string[];
}

function equationOf(node: PendingNode): Equation {
  const text = stringAttribute(node.attributes, 'equation', '').replaceAll(' ', '');
  const [left = '', right] = text.split('->');
  const terms = left.split(',').map((term) => term.split(''));
  const all = terms.flat();
  // Without an arrow: the letters that occur once, in alphabetic order.
  const once = () => all.filter((letter) => all.indexOf(letter) === all.lastIndexOf(letter)).sort();
  const result = right === undefined ? once() : right.split('');
  const twice = (term: readonly string[]) => new Set(term).size < term.length;
  if (text.includes('.') || terms.length > 2 || [...terms, result].some(twice)) {
    throw unsupported(node, `the equation ${text}`);
  }
  return { terms, result };
}

/** Sums over the letters that nobody else needs. */
function summed(
  b: GraphBuilder,
  { value, letters }: Lettered,
  needed: ReadonlySet<string>,
): Lettered {
  const axes = letters.flatMap((letter, i) => (needed.has(letter) ? [] : [i]));
  return {
    value: b.reduceSum(value, axes, false),
    letters: letters.filter((letter) => needed.has(letter)),
  };
}

function arranged(b: GraphBuilder, { value, letters }: Lettered, wanted: readonly string[]): Value {
  const perm = wanted.map((letter) => letters.indexOf(letter));
  return perm.every((axis, i) => axis === i) ? value : b.transpose(value, perm);
}

function product(b: GraphBuilder, x: Lettered, y: Lettered, result: readonly string[]): Lettered {
  const both = x.letters.filter((letter) => y.letters.includes(letter));
  const batch = both.filter((letter) => result.includes(letter));
  const inner = both.filter((letter) => !batch.includes(letter));
  const rows = x.letters.filter((letter) => !both.includes(letter));
  const columns = y.letters.filter((letter) => !both.includes(letter));
  const size = ({ value, letters }: Lettered, of: readonly string[]) =>
    of.map((letter) => value.dims[letters.indexOf(letter)]!);
  const count = (of: Lettered, letters: readonly string[]) => sizeOf(size(of, letters));
  const [n, k] = [count(x, batch), count(x, inner)];
  const left = b.reshape(arranged(b, x, [...batch, ...rows, ...inner]), [n, count(x, rows), k]);
  const right = b.reshape(arranged(b, y, [...batch, ...inner, ...columns]), [
    n,
    k,
    count(y, columns),
  ]);
  return {
    value: b.reshape(b.matMul(left, right), [
      ...size(x, batch),
      ...size(x, rows),
      ...size(y, columns),
    ]),
    letters: [...batch, ...rows, ...columns],
  };
}

function einsum(b: GraphBuilder, node: PendingNode): Value[] {
  const { terms, result } = equationOf(node);
  const operands = terms.map((letters, i): Lettered => {
    const value = node.inputs[i];
    if (value?.dims.length !== letters.length)
      throw new RangeError(`operand ${i} has another rank`);
    return { value, letters };
  });
  const [x, y] = operands.map((operand, i) => {
    const others = terms.flatMap((term, j) => (j === i ? [] : term));
    return summed(b, operand, new Set([...others, ...result]));
  });
  const made = y ? product(b, x!, y, result) : x!;
  return [arranged(b, made, result)];
}

export const contractions: Record<string, Composition> = {
  Einsum: { attributes: { equation: 'all' }, write: einsum },
};
