/** Rewrites nodes of older operator sets in the form of opset 18, the one the tables are written for. */
import type { GraphBuilder } from '../graph/builder.ts';
import { intAttribute, stringAttribute, type Attribute, type Value } from '../graph/graph.ts';
import { checkAttributes, type AttributeTable } from '../graph/operators/attributes.ts';
import { unsupported } from '../graph/operators/operator.ts';
import { castFloat, DTYPES, float32, toFloat32 } from '../graph/tensor.ts';
import type { PendingNode } from './pending.ts';

/** Attributes that later became inputs, in input order, and the opset since when. */
const MOVED: Record<string, { readonly since: number; readonly names: readonly string[] }> = {
  ReduceSum: { since: 13, names: ['axes'] },
  ReduceMean: { since: 18, names: ['axes'] },
  ReduceMax: { since: 18, names: ['axes'] },
  ReduceMin: { since: 18, names: ['axes'] },
  ReduceProd: { since: 18, names: ['axes'] },
  ReduceL1: { since: 18, names: ['axes'] },
  ReduceL2: { since: 18, names: ['axes'] },
  ReduceSumSquare: { since: 18, names: ['axes'] },
  ReduceLogSum: { since: 18, names: ['axes'] },
  ReduceLogSumExp: { since: 18, names: ['axes'] },
  Squeeze: { since: 13, names: ['axes'] },
  Unsqueeze: { since: 13, names: ['axes'] },
  Split: { since: 13, names: ['split'] },
  Slice: { since: 10, names: ['starts', 'ends', 'axes'] },
  Pad: { since: 11, names: ['pads', 'value'] },
  Clip: { since: 11, names: ['min', 'max'] },
};

interface Dropped {
  /** The first opset without the attribute. */
  readonly until: number;
  readonly attributes: AttributeTable;
}

/** Attributes that are gone, and the values that mean what the later form means. */
const DROPPED: Record<string, readonly Dropped[]> = {
  BatchNormalization: [
    { until: 9, attributes: { spatial: [1] } },
    { until: 7, attributes: { is_test: [1] } },
  ],
  Dropout: [
    { until: 12, attributes: { ratio: 'no effect' } },
    { until: 7, attributes: { is_test: [1] } },
  ],
  Gemm: [{ until: 7, attributes: { broadcast: 'no effect' } }],
};

/** Operators that said how their second operand is broadcast, up to opset 6. */
const BROADCAST = new Set('Add Sub Mul Div Pow Equal Greater Less And Or'.split(' '));
const ALIGNED: Dropped = { until: 7, attributes: { broadcast: 'all', axis: 'all' } };

/** The attributes of an operator that only this opset's form has, with what is honoured of them. */
export function olderAttributes(op: string, opset: number): AttributeTable {
  if (op === 'Upsample') return { mode: ['nearest', 'linear'], scales: 'all' };
  const moved = MOVED[op];
  const dropped = [...(DROPPED[op] ?? []), ...(BROADCAST.has(op) ? [ALIGNED] : [])];
  const tables = dropped.filter(({ until }) => opset < until).map(({ attributes }) => attributes);
  if (moved && opset < moved.since) {
    tables.push(Object.fromEntries(moved.names.map((name) => [name, 'all'])));
  }
  return Object.assign({}, ...tables) as AttributeTable;
}

/** Throws UnsupportedOperatorError if the node holds an older attribute of a value that is not honoured. */
export function upgradeNode(given: PendingNode, opset: number, b: GraphBuilder): PendingNode {
  // A remark for frameworks long gone, which every operator could carry.
  const kept = Object.entries(given.attributes).filter(([name]) => name !== 'consumed_inputs');
  const node = { ...given, attributes: Object.fromEntries(kept) };
  if (node.op === 'Upsample' || (node.op === 'Resize' && opset < 11)) {
    return upgradeUpsample(node, b);
  }
  const older = olderAttributes(node.op, opset);
  const present = Object.entries(node.attributes).filter(([name]) => name in older);
  checkAttributes(node.op, node.name, older, Object.fromEntries(present));
  const upgraded = opset < 7 ? beforeSeven(node, b) : node;
  return floatsOnly(withInputs(upgraded, opset, older, b), b);
}

function withInputs(
  node: PendingNode,
  opset: number,
  older: AttributeTable,
  b: GraphBuilder,
): PendingNode {
  const kept = Object.entries(node.attributes).filter(([name]) => !(name in older));
  const moved = MOVED[node.op];
  const names = moved && opset < moved.since ? moved.names : [];
  const added = names.map((name) => operand(node.attributes[name], node, b));
  const inputs = [...node.inputs, ...added];
  while (inputs.at(-1) === null) inputs.pop();
  return { ...node, inputs, attributes: Object.fromEntries(kept) };
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

/** Up to opset 6 these were trained on unless the file said otherwise: by statistics of the picture, or with noise. */
const TRAINED = new Set(['BatchNormalization', 'Dropout']);

/** Up to opset 6 the second operand was aligned by an attribute, and PRelu's slopes with the channels. */
function beforeSeven(node: PendingNode, b: GraphBuilder): PendingNode {
  if (TRAINED.has(node.op) && intAttribute(node.attributes, 'is_test', 0) !== 1) {
    throw unsupported(node, 'is_test left out, which is training,');
  }
  const [x, y] = node.inputs;
  if (!x || !y) return node;
  const aligned = (axis: number) => {
    const after = x.dims.length - axis - y.dims.length;
    if (after <= 0) return node;
    const shaped = [...y.dims, ...Array<number>(after).fill(1)];
    const data = y.data ? { ...y.data, dims: shaped } : null;
    const second = data ? b.initializer(data, y.name) : b.reshape(y, shaped);
    return { ...node, inputs: [x, second] };
  };
  if (node.op === 'PRelu') return y.dims.length === 1 && y.dims[0] !== 1 ? aligned(1) : node;
  const { axis } = node.attributes;
  if (!BROADCAST.has(node.op) || axis?.kind !== 'int') return node;
  return aligned(axis.value < 0 ? axis.value + x.dims.length : axis.value);
}

/** Double precision becomes single, and an integer exponent a float. */
function floatsOnly(node: PendingNode, b: GraphBuilder): PendingNode {
  if (node.op === 'Cast' && intAttribute(node.attributes, 'to', 0) === DTYPES.float64.code) {
    return { ...node, attributes: { ...node.attributes, to: { kind: 'int', value: 1 } } };
  }
  const [x, power] = node.inputs;
  if (node.op !== 'Pow' || !x?.dtype.startsWith('float') || !power?.data) return node;
  if (power.dtype.startsWith('float')) return node;
  const data = float32(power.dims, toFloat32(power.data));
  const typed = x.dtype === 'float16' ? castFloat(data, 'float16') : data;
  return { ...node, inputs: [x, b.initializer(typed, power.name)] };
}

/** Upsample-9 and Resize-10: output position o reads input o / scale, rounded down. */
function upgradeUpsample(node: PendingNode, b: GraphBuilder): PendingNode {
  const { scales: listed, mode, ...others } = node.attributes;
  checkAttributes(node.op, node.name, olderAttributes('Upsample', 9), {
    ...(mode && { mode }),
    ...others,
  });
  const [x = null, scales] = node.inputs;
  const factors = scales ?? (listed?.kind === 'floats' ? b.floats(listed.value) : null);
  const text = (value: string): Attribute => ({ kind: 'string', value });
  return {
    ...node,
    op: 'Resize',
    inputs: [x, null, factors],
    attributes: {
      mode: text(stringAttribute(node.attributes, 'mode', 'nearest')),
      coordinate_transformation_mode: text('asymmetric'),
      nearest_mode: text('floor'),
    },
  };
}
