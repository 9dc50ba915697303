/** Rewrites nodes of older operator sets in the form of opset 18, the one the tables are written for. */
import type { GraphBuilder } from '../graph/builder.ts';
import { stringAttribute, type Attribute, type Value } from '../graph/graph.ts';
import type { PendingNode } from './pending.ts';

/** Attributes that later became inputs, in input order, and the opset since when. */
const MOVED: Record<string, { readonly since: number; readonly names: readonly string[] }> = {
  ReduceSum: { since: 13, names: ['axes'] },
  ReduceMean: { since: 18, names: ['axes'] },
  ReduceMax: { since: 18, names: ['axes'] },
  ReduceMin: { since: 18, names: ['axes'] },
  Squeeze: { since: 13, names: ['axes'] },
  Unsqueeze: { since: 13, names: ['axes'] },
  Slice: { since: 10, names: ['starts', 'ends', 'axes'] },
  Pad: { since: 11, names: ['pads', 'value'] },
  Clip: { since: 11, names: ['min', 'max'] },
  Reshape: { since: 5, names: ['shape'] },
};

export function upgradeNode(node: PendingNode, opset: number, b: GraphBuilder): PendingNode {
  if (node.op === 'Upsample') return upgradeUpsample(node, b);
  if (node.op === 'Resize' && opset < 11) return upgradeUpsample(node, b);
  const moved = MOVED[node.op];
  if (!moved || opset >= moved.since) return node;
  const attributes = { ...node.attributes };
  const inputs: (Value | null)[] = [...node.inputs];
  for (const name of moved.names) {
    inputs.push(operand(attributes[name], node, b));
    Reflect.deleteProperty(attributes, name);
  }
  while (inputs.at(-1) === null) inputs.pop();
  return { ...node, inputs, attributes };
}

function operand(
  attribute: Attribute | undefined,
  node: PendingNode,
  b: GraphBuilder,
): Value | null {
  if (attribute?.kind === 'ints') return b.ints(attribute.value);
  if (attribute?.kind === 'float') return b.scalar(attribute.value, node.inputs[0]?.dtype);
  return null;
}

/** Upsample-9 and Resize-10: output position o reads input o / scale, rounded down. */
function upgradeUpsample(node: PendingNode, b: GraphBuilder): PendingNode {
  const [x = null, scales] = node.inputs;
  const listed = node.attributes['scales'];
  const factors = scales ?? (listed?.kind === 'floats' ? b.floats(listed.value) : null);
  const text = (value: string): Attribute => ({ kind: 'string', value });
  return {
    name: node.name,
    op: 'Resize',
    inputs: [x, null, factors],
    attributes: {
      mode: text(stringAttribute(node.attributes, 'mode', 'nearest')),
      coordinate_transformation_mode: text('asymmetric'),
      nearest_mode: text('floor'),
    },
  };
}
