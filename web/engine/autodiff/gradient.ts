import { UnsupportedOperatorError } from '../errors.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import type { Node, Value } from '../graph/graph.ts';
import { OPERATORS } from '../graph/operators/index.ts';

/**
 * Reverse-mode differentiation, source to source: adds to `b` the nodes that compute dL/dv for each `v` of `wrt`.
 *
 * Walks the nodes between `wrt` and `loss` from the last to the first and asks each operator's rule for the
 * cotangents of its inputs (Griewank and Walther, Evaluating Derivatives, 2nd ed., section 3.2); the cotangents of a
 * value with several uses are added up. Weights cost nothing: no path leads from `wrt` to them.
 *
 * @param loss scalar
 * @returns the gradients, in the order and with the dims of `wrt`; zeros where the loss does not depend on it
 * @throws UnsupportedOperatorError naming the operator and the node if a rule is missing
 */
export function gradient(b: GraphBuilder, loss: Value, wrt: readonly Value[]): Value[] {
  if (loss.dims.length !== 0) {
    throw new RangeError(`the loss must be a scalar, got [${loss.dims.join(', ')}]`);
  }
  return pullback(b, new Map([[loss, b.scalar(1, loss.dtype)]]), wrt);
}

/** The same from given cotangents dL/dy of any values y, none of which depends on another. */
export function pullback(
  b: GraphBuilder,
  seeds: ReadonlyMap<Value, Value>,
  wrt: readonly Value[],
): Value[] {
  const nodes = b.nodes.filter((node) => !b.isDetached(node));
  const dependent = dependents(nodes, wrt);
  const cotangents = new Map(seeds);
  for (const node of nodes.reverse()) {
    const dy = cotangents.get(node.outputs[0]!);
    if (!dy || !dependent.has(node.outputs[0]!)) continue;
    const needs = node.inputs.map((input) => input !== null && dependent.has(input));
    for (const [i, part] of inputCotangents(b, node, dy, needs).entries()) {
      const input = node.inputs[i];
      if (!part || !input || !needs[i]) continue;
      const sum = cotangents.get(input);
      cotangents.set(input, sum ? b.add(sum, part) : part);
    }
  }
  return wrt.map((value) =>
    b.expand(cotangents.get(value) ?? b.scalar(0, value.dtype), value.dims),
  );
}

/** Values that change when one of `wrt` does. */
function dependents(nodes: readonly Node[], wrt: readonly Value[]): Set<Value> {
  const set = new Set(wrt);
  for (const node of nodes) {
    if (node.inputs.some((input) => input && set.has(input))) {
      for (const output of node.outputs) set.add(output);
    }
  }
  return set;
}

function inputCotangents(b: GraphBuilder, node: Node, dy: Value, needs: readonly boolean[]) {
  const operator = OPERATORS[node.op];
  if (!operator?.vjp) throw withoutRule(node);
  const full = operator.broadcasts ? dy : b.expand(dy, node.outputs[0]!.dims);
  return operator.vjp(b, node, full, needs);
}

function withoutRule(node: Node): UnsupportedOperatorError {
  const known = Object.keys(OPERATORS).filter((op) => OPERATORS[op]?.vjp);
  return new UnsupportedOperatorError(
    `${node.op} (node "${node.name}") has no rule of differentiation`,
    `Take taps before this node, or use a network made of: ${known.join(', ')}.`,
  );
}
