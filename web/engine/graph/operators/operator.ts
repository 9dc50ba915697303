import { UnsupportedOperatorError } from '../../errors.ts';
import type { AttributeTable } from './attributes.ts';
import type { GraphWriter } from '../writer.ts';
import type { Node, Value, ValueType } from '../graph.ts';
import { toNumbers, type DType } from '../tensor.ts';

/**
 * One ONNX operator: the attributes it honours, its shape rule and, where there is one, its rule of differentiation.
 */
export interface Operator {
  /** Attributes that are honoured, none by default; any other is refused. */
  readonly attributes?: AttributeTable;
  /** Types of the outputs. Throws RangeError when inputs and attributes do not fit together. */
  readonly infer: (node: Node) => ValueType[];
  /** Vector-Jacobian product: given dL/d(output 0), the nodes that compute dL/d(input i), `null` where not needed. */
  readonly vjp?: Vjp;
  /** The rule takes cotangents whose dims merely broadcast to the output's; they stay small as long as possible. */
  readonly broadcasts?: true;
  /** No operator of ONNX: lowering writes it as several, before a runtime sees it. */
  readonly composite?: true;
}

/** `dy` has the output's dims, or (for `broadcasts`) dims that broadcast to them. `needs[i]`: input i leads to a wanted value. */
export type Vjp = (
  b: GraphWriter,
  node: Node,
  dy: Value,
  needs: readonly boolean[],
) => readonly (Value | null)[];

/** Input `i`, which must be there. */
export function inputOf(node: Pick<Node, 'inputs'>, i: number): Value {
  const value = node.inputs[i];
  if (!value) throw new RangeError(`input ${i} is missing`);
  return value;
}

/** Numbers of an input that must be known when the graph is built (a shape, axes, pads). */
export function constantOf(node: Pick<Node, 'inputs'>, i: number): number[] {
  const value = inputOf(node, i);
  if (!value.data) throw new RangeError(`input ${i} ("${value.name}") must be a constant`);
  return toNumbers(value.data);
}

export function optionalConstantOf(node: Pick<Node, 'inputs'>, i: number): number[] | undefined {
  return node.inputs[i] ? constantOf(node, i) : undefined;
}

export function typed(dtype: DType, dims: readonly number[]): ValueType[] {
  for (const dim of dims) {
    if (!Number.isInteger(dim) || dim < 1) throw new RangeError(`a dim would be ${dim}`);
  }
  return [{ dtype, dims }];
}

export const sameAsInput = (node: Node): ValueType[] => {
  const { dtype, dims } = inputOf(node, 0);
  return [{ dtype, dims }];
};

export function normalAxis(axis: number, rank: number): number {
  const normal = axis < 0 ? axis + rank : axis;
  if (normal < 0 || normal >= rank) throw new RangeError(`axis ${axis} of a rank ${rank} tensor`);
  return normal;
}

/** Thrown for a form of an operator that is not supported, which is not the file's fault. */
export function unsupported(
  node: Pick<Node, 'op' | 'name'>,
  what: string,
): UnsupportedOperatorError {
  return new UnsupportedOperatorError(
    `${node.op} (node "${node.name}") with ${what} is not supported`,
    'Take taps before this node, or export the network without it; docs/OPERATORS.md lists what is supported.',
  );
}

/** Thrown by a rule asked for the gradient of an input it does not differentiate (a kernel, say). */
export function noGradient(node: Node, input: string): UnsupportedOperatorError {
  return new UnsupportedOperatorError(
    `no gradient of ${node.op} (node "${node.name}") with respect to its ${input}`,
    'Differentiate with respect to the image, and keep the weights constant.',
  );
}
