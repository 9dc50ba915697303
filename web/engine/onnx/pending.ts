import type { GraphBuilder } from '../graph/builder.ts';
import type { Attribute, Value } from '../graph/graph.ts';
import { castFloat, type DType } from '../graph/tensor.ts';

/** A node of a file on its way into a builder. */
export interface PendingNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly (Value | null)[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** How many outputs the file asks for. */
  readonly outputCount: number;
}

/** Of weights and activations. */
export type Precision = 'float32' | 'float16';

export type NodeReplacement = (b: GraphBuilder, node: PendingNode) => readonly Value[] | undefined;

/**
 * The node with all of its floats in one type: that of its activations, or, where all are weights, float32. So a graph
 * follows its input's precision, whatever its weights are stored in.
 */
export function unified(b: GraphBuilder, node: PendingNode): PendingNode {
  const floats = node.inputs.filter((value) => value !== null && isFloat(value)) as Value[];
  const half = floats.some(({ dtype, data }) => dtype === 'float16' && !data);
  const wanted = half ? 'float16' : 'float32';
  // The scales of a Resize are float32 in any case.
  if (node.op === 'Resize' || node.op === 'Cast' || floats.every(({ dtype }) => dtype === wanted))
    return node;
  const convert = (value: Value | null) => {
    if (!value || !isFloat(value)) return value;
    return value.data
      ? b.initializer(castFloat(value.data, wanted), value.name)
      : b.cast(value, wanted);
  };
  return { ...node, inputs: node.inputs.map(convert) };
}

const isFloat = ({ dtype }: Value): boolean => FLOATS.has(dtype);
const FLOATS: ReadonlySet<DType> = new Set(['float16', 'float32', 'float64']);
