import { GraphBuilder } from '../graph/builder.ts';
import type { Graph, Node, Value } from '../graph/graph.ts';

/** Writes a graph anew, node by node. Inputs and outputs keep their names, so callers notice nothing. */
export class Rewriter {
  readonly b = new GraphBuilder();
  readonly #graph: Graph;
  readonly #values = new Map<Value, Value>();

  constructor(graph: Graph) {
    this.#graph = graph;
    for (const value of graph.inputs) {
      this.#values.set(value, this.b.input(value.name, value.dims, value.dtype));
    }
  }

  /** What stands for a value of the old graph, or undefined if nothing does yet. */
  find(old: Value): Value | undefined {
    const known = this.#values.get(old);
    if (known || !old.data) return known;
    const own = this.b.initializer(old.data, old.name);
    this.#values.set(old, own);
    return own;
  }

  set(old: Value, own: Value): void {
    this.#values.set(old, own);
  }

  /** The same node over other inputs. */
  copy(node: Node, inputs: readonly (Value | null)[]): void {
    const names = { name: node.name, outputs: node.outputs.map(({ name }) => name) };
    const { outputs } = this.b.nodeOf(node.op, inputs, node.attributes, names);
    node.outputs.forEach((old, i) => this.set(old, outputs[i]!));
  }

  /** @param visit writes what a node of the old graph becomes; @param valueOf gives what stands for a value */
  run(visit: (node: Node) => void, valueOf: (old: Value) => Value): Graph {
    const outputs = new Set(this.#graph.outputs);
    for (const node of this.#graph.nodes) {
      // Outputs are Identities that carry the name they are read by.
      if (!node.outputs.some((value) => outputs.has(value))) visit(node);
    }
    for (const output of this.#graph.outputs) {
      this.b.output(valueOf(output.producer!.inputs[0]!), output.name);
    }
    return this.b.build();
  }
}

/** A pass that looks at each node by itself: `replace` returns what the node's first output becomes, or undefined. */
export function rewrite(
  graph: Graph,
  replace: (b: GraphBuilder, node: Node, inputs: readonly (Value | null)[]) => Value | undefined,
): Graph {
  const rewriter = new Rewriter(graph);
  const valueOf = (old: Value) => rewriter.find(old)!;
  return rewriter.run((node) => {
    const inputs = node.inputs.map((input) => input && valueOf(input));
    const own = replace(rewriter.b, node, inputs);
    if (own) rewriter.set(node.outputs[0]!, own);
    else rewriter.copy(node, inputs);
  }, valueOf);
}
