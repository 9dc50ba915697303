/** What of the ONNX specification is supported: the tables put together. */
import { UnsupportedOperatorError } from '../errors.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { checkAttributes, type AttributeTable } from '../graph/operators/attributes.ts';
import { OPERATORS } from '../graph/operators/index.ts';
import { COMPOSITIONS } from './compose/index.ts';
import { CONSTANT_ONLY } from './fold.ts';
import type { NodeReplacement, PendingNode } from './pending.ts';

/** The operator sets of files that are read. */
export const FIRST_OPSET = 6;
export const LAST_OPSET = 23;

/** Every operator that is read, by name. `Upsample` is read as Resize. */
export const SUPPORTED: readonly string[] = [
  ...new Set([
    ...Object.keys(OPERATORS).filter((op) => !OPERATORS[op]!.composite),
    ...Object.keys(COMPOSITIONS),
    ...Object.keys(CONSTANT_ONLY),
    'Upsample',
  ]),
].sort();

/** The attributes of the newest form that are honoured, or undefined if the operator is not supported. */
export function attributesOf(op: string): AttributeTable | undefined {
  const entry = COMPOSITIONS[op] ?? OPERATORS[op];
  if (OPERATORS[op]?.composite) return undefined;
  return entry ? (entry.attributes ?? {}) : CONSTANT_ONLY[op];
}

/**
 * The node without attributes that say nothing about inference. Throws UnsupportedOperatorError naming the operator, or
 * the attribute that is not honoured.
 */
export function checkSupported(node: PendingNode): PendingNode {
  const { op, name, attributes } = node;
  const table = attributesOf(op);
  if (!table) {
    throw new UnsupportedOperatorError(
      `the operator ${op} (node "${name}") is not supported`,
      `Use a network made of these operators: ${SUPPORTED.join(', ')}.`,
    );
  }
  checkAttributes(op, name, table, attributes);
  const kept = Object.entries(attributes).filter(([key]) => table[key] !== 'no effect');
  return { ...node, attributes: Object.fromEntries(kept) };
}

/** Writes a supported node: what `replace` makes of it, or its composition, or the operator itself. */
export function writeNode(
  b: GraphBuilder,
  node: PendingNode,
  opset: number,
  replace: NodeReplacement = () => undefined,
): readonly Value[] {
  const { op, name, inputs, attributes } = node;
  const own = replace(b, node);
  if (own) return own;
  if (COMPOSITIONS[op]) return COMPOSITIONS[op].write(b, node, opset);
  if (OPERATORS[op]) return b.nodeOf(op, inputs, attributes, { name }).outputs;
  throw new UnsupportedOperatorError(
    `${op} (node "${name}") of values that depend on the picture is not supported`,
    'Take taps before this node.',
  );
}
