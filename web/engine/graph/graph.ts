import type { DType, TensorData } from './tensor.ts';

/** What an attribute may hold. Strings are UTF-8; a lone integer and a lone float are told apart by `kind`. */
export type Attribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'tensor'; readonly value: TensorData };

export type Attributes = Readonly<Record<string, Attribute>>;

/** Type of a value: every dim is known when a graph is built. */
export interface ValueType {
  readonly dtype: DType;
  readonly dims: readonly number[];
}

/** One edge of the graph: an input, an initializer (`data`), or what a node computes (`producer`). */
export interface Value extends ValueType {
  readonly name: string;
  readonly producer: Node | null;
  readonly data: TensorData | null;
}

export interface Node {
  readonly name: string;
  readonly op: string;
  /** `null` stands for an optional input that was left out. */
  readonly inputs: readonly (Value | null)[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
}

/** A graph in topological order. Outputs are listed under the names they are read by. */
export interface Graph {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly nodes: readonly Node[];
  readonly initializers: readonly Value[];
}

/** Nodes that at least one of `outputs` depends on, in the given order. */
export function reachable(nodes: readonly Node[], outputs: readonly Value[]): Node[] {
  const needed = new Set<Node>();
  const stack = outputs.map((value) => value.producer);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node === null || needed.has(node)) continue;
    needed.add(node);
    for (const input of node.inputs) if (input) stack.push(input.producer);
  }
  return nodes.filter((node) => needed.has(node));
}

/** How many inputs of nodes each value is. */
export function readersOf({ nodes }: Graph): ReadonlyMap<Value, number> {
  const readers = new Map<Value, number>();
  for (const { inputs } of nodes)
    for (const value of inputs) if (value) readers.set(value, 1 + (readers.get(value) ?? 0));
  return readers;
}

export function intAttribute(attributes: Attributes, name: string, fallback: number): number {
  const attribute = attributes[name];
  return attribute?.kind === 'int' ? attribute.value : fallback;
}

export function floatAttribute(attributes: Attributes, name: string, fallback: number): number {
  const attribute = attributes[name];
  return attribute?.kind === 'float' || attribute?.kind === 'int' ? attribute.value : fallback;
}

export function stringAttribute(attributes: Attributes, name: string, fallback: string): string {
  const attribute = attributes[name];
  return attribute?.kind === 'string' ? attribute.value : fallback;
}

export function intsAttribute(
  attributes: Attributes,
  name: string,
  fallback: readonly number[],
): readonly number[] {
  const attribute = attributes[name];
  return attribute?.kind === 'ints' ? attribute.value : fallback;
}
