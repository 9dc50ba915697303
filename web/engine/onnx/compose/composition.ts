import { UnsupportedOperatorError } from '../../errors.ts';
import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/graph.ts';
import type { AttributeTable } from '../../graph/operators/attributes.ts';
import type { PendingNode } from '../pending.ts';

/**
 * An operator of files that is written as several others, whose rules of differentiation then are its own. Throws
 * RangeError where inputs and attributes do not fit together.
 */
export interface Composition {
  readonly attributes?: AttributeTable;
  /** Opset in which the operator appeared, where that is later than the first. */
  readonly write: (b: GraphBuilder, node: PendingNode, opset: number) => readonly Value[];
}

/** One output, the same in every opset, from inputs that are all there. */
export function composed(
  attributes: AttributeTable,
  write: (b: GraphBuilder, node: PendingNode, inputs: readonly Value[]) => Value,
): Composition {
  return {
    attributes,
    write: (b, node) => [
      write(
        b,
        node,
        node.inputs.filter((value) => value !== null),
      ),
    ],
  };
}

/** x with a vector along axis 1 given the rank that it needs to broadcast. */
export function alongChannels(b: GraphBuilder, vector: Value, rank: number): Value {
  return b.reshape(vector, [1, vector.dims[0]!, ...Array<number>(rank - 2).fill(1)]);
}

/** Mean over the axes, which stay as 1: summed axis by axis, which keeps digits (see GraphWriter.sum). */
export function meanOver(b: GraphBuilder, x: Value, axes: readonly number[]): Value {
  const summed = axes.reduce((sum, axis) => b.reduceSum(sum, [axis]), x);
  const count = axes.reduce((product, axis) => product * x.dims[axis]!, 1);
  return b.mul(summed, 1 / count);
}

/** Thrown where an input that must be a weight hangs on the picture. */
export function mustBeConstant(node: PendingNode, input: string): UnsupportedOperatorError {
  return new UnsupportedOperatorError(
    `${node.op} (node "${node.name}") with ${input} computed from the picture is not supported`,
    'Take taps before this node.',
  );
}
