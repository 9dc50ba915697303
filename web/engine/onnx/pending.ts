import type { GraphBuilder } from './builder.ts';
import type { Attribute, Value } from './graph.ts';

/** A node of a file on its way into a builder. */
export interface PendingNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly (Value | null)[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export type NodeReplacement = (b: GraphBuilder, node: PendingNode) => readonly Value[] | undefined;
