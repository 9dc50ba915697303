/** Numbers of pixels in a file, written for the one size of picture that its exporter saw. */
import type { GraphBuilder } from '../graph/builder.ts';
import { intsAttribute, type Value } from '../graph/graph.ts';
import { normalAxis, unsupported } from '../graph/operators/operator.ts';
import { sizeOf, toNumbers } from '../graph/tensor.ts';
import type { PendingNode } from './pending.ts';

/** Operators whose constants may be such numbers and would do something else, without a word, at another size. */
export const SIZED: ReadonlySet<string> = new Set(['Resize', 'Slice', 'Reshape']);

/** A node as it is read for a picture of another size. */
export interface Reference {
  readonly node: PendingNode;
  /** That size is the file's own. If not, numbers of pixels can be told, but not what they would be here. */
  readonly declared: boolean;
}

/** Larger than any dim; what exporters write for "to the end". */
const END = 2 ** 31 - 1;

/**
 * The node with the file's numbers of pixels brought to this picture's size.
 *
 * @throws UnsupportedOperatorError if it cannot be told what they would be
 */
export function atThisSize(b: GraphBuilder, node: PendingNode, reference: Reference): PendingNode {
  const [x, other] = [node.inputs[0], reference.node.inputs[0]];
  if (!x || !other || x.dims.length !== other.dims.length) return node;
  if (x.dims.every((dim, i) => dim === other.dims[i])) return node;
  switch (node.op) {
    case 'Resize':
      return resized(b, node, reference);
    case 'Slice':
      return reference.declared ? sliced(b, node, reference) : node;
    case 'Reshape':
      return reference.declared ? reshaped(b, node, reference) : node;
    default:
      return node;
  }
}

const listOf = (value: Value | null | undefined): number[] | null =>
  value?.data ? toNumbers(value.data) : null;

const withInput = (node: PendingNode, at: number, value: Value): PendingNode => ({
  ...node,
  inputs: node.inputs.with(at, value),
});

function resized(
  b: GraphBuilder,
  node: PendingNode,
  { node: other, declared }: Reference,
): PendingNode {
  const [sizes, before] = [listOf(node.inputs[3]), listOf(other.inputs[3])];
  if (!sizes?.length || !before) return node;
  const [from, to] = [other.inputs[0]!.dims, node.inputs[0]!.dims];
  const every = to.map((_, i) => i);
  const axes = intsAttribute(node.attributes, 'axes', every).map((a) => normalAxis(a, to.length));
  const fitting = sizes.map((size, i) => {
    const [was, is] = [from[axes[i]!]!, to[axes[i]!]!];
    if (was === is || size !== before[i]) return size;
    if (!declared) throw unsupported(node, `a size of ${size} pixels, whatever the picture's`);
    return Math.max(1, Math.round((size * is) / was));
  });
  return withInput(node, 3, b.ints(fitting));
}

function sliced(b: GraphBuilder, node: PendingNode, { node: other }: Reference): PendingNode {
  const [starts, ends] = [listOf(node.inputs[1]), listOf(node.inputs[2])];
  const [wereStarts, wereEnds] = [listOf(other.inputs[1]), listOf(other.inputs[2])];
  if (!starts || !ends || !wereStarts || !wereEnds) return node;
  const [from, to] = [other.inputs[0]!.dims, node.inputs[0]!.dims];
  const axes = listOf(node.inputs[3]) ?? starts.map((_, i) => i);
  const steps = listOf(node.inputs[4]) ?? starts.map(() => 1);
  // A place counted from the far end, or at it, is the same place in every picture; so is one at the very beginning.
  const place = (at: number, was: number, i: number, near: number): number => {
    const axis = normalAxis(axes[i]!, to.length);
    if (from[axis] === to[axis] || at !== was || at <= near) return at;
    if (at >= from[axis]! - Number(steps[i]! < 0)) return END;
    throw unsupported(node, `a place ${at} pixels into the picture`);
  };
  const begin = starts.map((at, i) => place(at, wereStarts[i]!, i, Math.max(1, steps[i]!)));
  const end = ends.map((at, i) => place(at, wereEnds[i]!, i, -1 + Number(steps[i]! < 0)));
  return withInput(withInput(node, 1, b.ints(begin)), 2, b.ints(end));
}

function reshaped(b: GraphBuilder, node: PendingNode, { node: other }: Reference): PendingNode {
  const [shape, before] = [listOf(node.inputs[1]), listOf(other.inputs[1])];
  if (!shape || !before || shape.some((dim, i) => dim !== before[i])) return node;
  const [from, to] = [other.inputs[0]!.dims, node.inputs[0]!.dims];
  const ends = (dims: readonly number[]) => dims.slice(-2);
  // Channels are regrouped, and height and width are as they were.
  if (from.length >= 3 && ends(shape).every((dim, i) => dim === ends(from)[i])) {
    return withInput(node, 1, b.ints([...shape.slice(0, -2), ...ends(to)]));
  }
  const known = shape.reduce((all, dim, i) => all * (dim === -1 ? 1 : dim || to[i]!), 1);
  if (shape[0] === -1 && sizeOf(to) / known !== sizeOf(from) / known) {
    throw unsupported(node, `a shape of ${shape.join(' x ')}, whatever the picture's size`);
  }
  return node;
}
