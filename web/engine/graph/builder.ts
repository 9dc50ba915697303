import { InvalidModelError, UnsupportedOperatorError } from '../errors.ts';
import { checkAttributes } from './operators/attributes.ts';
import { OPERATORS } from './operators/index.ts';
import {
  reachable,
  type Attribute,
  type Attributes,
  type Graph,
  type Node,
  type Value,
} from './graph.ts';
import type { DType, TensorData } from './tensor.ts';
import { GraphWriter, type AttributeInput } from './writer.ts';

/**
 * Builds a graph node by node; every value gets its dtype and dims at once, so a mistake
 * shows where it is made.
 */
export class GraphBuilder extends GraphWriter {
  readonly #nodes: Node[] = [];
  readonly #inputs: Value[] = [];
  readonly #outputs: Value[] = [];
  readonly #detached = new Set<Node>();
  readonly #names = new Map<string, number>();

  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  input(name: string, dims: readonly number[], dtype: DType = 'float32'): Value {
    const value = { name: this.#unique(name), dtype, dims, producer: null, data: null };
    this.#inputs.push(value);
    return value;
  }

  /** An initializer over the given data, which is not copied. */
  override initializer(data: TensorData, name = 'constant'): Value {
    return { name: this.#unique(name), dtype: data.dtype, dims: data.dims, producer: null, data };
  }

  /** The same value, at which the gradient ends: it counts as a constant. */
  detach(x: Value): Value {
    const node = this.nodeOf('Identity', [x]);
    this.#detached.add(node);
    return node.outputs[0]!;
  }

  isDetached(node: Node): boolean {
    return this.#detached.has(node);
  }

  /** Declares `value` an output, read by `name`. Returns the value as it is listed. */
  output(value: Value, name: string): Value {
    const node = this.nodeOf('Identity', [value], {}, { outputs: [name] });
    this.#outputs.push(node.outputs[0]!);
    return node.outputs[0]!;
  }

  /** Nodes that no output needs are left out. */
  build(): Graph {
    const nodes = reachable(this.#nodes, this.#outputs);
    const initializers = new Set<Value>();
    for (const node of nodes)
      for (const input of node.inputs) if (input?.data) initializers.add(input);
    return { inputs: this.#inputs, outputs: this.#outputs, nodes, initializers: [...initializers] };
  }

  override nodeOf(
    op: string,
    inputs: readonly (Value | null)[],
    attributes: Record<string, AttributeInput> = {},
    names: { readonly name?: string; readonly outputs?: readonly string[] } = {},
  ): Node {
    const operator = OPERATORS[op];
    if (!operator) throw unknownOperator(op, names.name ?? '(unnamed)');
    const tidy = tidyAttributes(attributes);
    const name = this.#unique(names.name ?? op);
    checkAttributes(op, name, operator.attributes ?? {}, tidy);
    const node = { name, op, inputs, attributes: tidy, outputs: [] as Value[] };
    for (const [i, type] of explained(node, () => operator.infer(node)).entries()) {
      const own = this.#unique(names.outputs?.[i] ?? `${name}_out`);
      node.outputs.push({ ...type, name: own, producer: node, data: null });
    }
    this.#nodes.push(node);
    return node;
  }

  #unique(wanted: string): string {
    const count = this.#names.get(wanted) ?? 0;
    this.#names.set(wanted, count + 1);
    return count === 0 ? wanted : this.#unique(`${wanted}.${count}`);
  }
}

function tidyAttributes(attributes: Record<string, AttributeInput>): Attributes {
  const tidy: Record<string, Attribute> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    if (typeof value === 'number') tidy[name] = { kind: 'int', value };
    else if (typeof value === 'string') tidy[name] = { kind: 'string', value };
    else tidy[name] = 'kind' in value ? value : { kind: 'ints', value };
  }
  return tidy;
}

/** What `make` returns; a RangeError of it becomes an InvalidModelError that names the node and its inputs' dims. */
export function explained<T>(node: Pick<Node, 'op' | 'name' | 'inputs'>, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const dims = node.inputs.map((input) => (input ? `[${input.dims.join(', ')}]` : '-')).join(' ');
    throw new InvalidModelError(
      `${node.op} node "${node.name}" does not fit its inputs ${dims}: ${error.message}`,
      'The model file is damaged, or made for another input size.',
      { cause: error },
    );
  }
}

function unknownOperator(op: string, node: string): UnsupportedOperatorError {
  const known = Object.keys(OPERATORS).filter((name) => !OPERATORS[name]!.composite);
  return new UnsupportedOperatorError(
    `the operator ${op} (node "${node}") is not supported`,
    `Use a network made of these operators: ${known.join(', ')}.`,
  );
}
