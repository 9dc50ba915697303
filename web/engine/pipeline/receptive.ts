/** How far a network sees: read off its graph, so that tiles overlap by exactly what they must. */
import { UnsupportedOperatorError } from '../errors.ts';
import { intAttribute, intsAttribute, type Graph, type Node, type Value } from '../graph/graph.ts';
import { slidingOf } from '../graph/operators/conv.ts';
import {
  constantOf,
  inputOf,
  normalAxis,
  optionalConstantOf,
} from '../graph/operators/operator.ts';

/** Pixels of the input that the output of a tile depends on beyond the tile, on either side of each axis. */
export interface Margin {
  readonly before: number;
  readonly after: number;
}

/** Element i depends on the input's elements stride·i + low to stride·i + high, as far as these are whole numbers. */
export interface Reach {
  readonly stride: number;
  readonly low: number;
  readonly high: number;
  /**
   * How much of it counts: the variance in elements² of what an element is made of, were each window a mean of its
   * elements. Far below (high − low)²: the effective receptive field (Luo et al. 2016, arXiv:1701.04128, section 2.1).
   */
  readonly spread: number;
}

export type Reaches = readonly [vertical: Reach, horizontal: Reach];

const POINTWISE = new Set(
  'Identity Add Sub Mul Div Pow Min Max Relu LeakyRelu PRelu Tanh Sigmoid Exp Log Sqrt Sin Cos Erf Clip Where Greater GreaterOrEqual Less LessOrEqual Equal And Neg Abs Sign Floor Cast BatchNormalization'.split(
    ' ',
  ),
);

/** Axes that an operator works along, of those that are pointwise across all others. */
const ALONG: Readonly<Record<string, (node: Node) => readonly number[]>> = {
  Concat: (node) => [intAttribute(node.attributes, 'axis', 0)],
  Softmax: (node) => [intAttribute(node.attributes, 'axis', -1)],
  Gather: (node) => [intAttribute(node.attributes, 'axis', 0)],
  Slice: (node) => optionalConstantOf(node, 3) ?? constantOf(node, 1).map((_, i) => i),
};
const REDUCTIONS = new Set('ReduceSum ReduceMean ReduceMax ReduceMin'.split(' '));

/** Whether each place of the output depends on the same place of the inputs alone. */
function pointwise(node: Node): boolean {
  if (POINTWISE.has(node.op)) return node.op === 'BatchNormalization' || !node.inputs.some(placed);
  const { dims } = inputOf(node, 0);
  const across = (axes: readonly number[]) => axes.every((axis) => normalAxis(axis, 4) < 2);
  if (dims.length !== 4 || node.outputs[0]!.dims.length !== 4) return false;
  if (!REDUCTIONS.has(node.op)) return ALONG[node.op] ? across(ALONG[node.op]!(node)) : false;
  const axes = optionalConstantOf(node, 1) ?? [];
  return axes.length > 0 && across(axes);
}

/**
 * Margin of a graph with one input [1, C, H, W] and one output of `scale` times its size.
 *
 * @throws UnsupportedOperatorError if an operator looks at the whole picture, or in a way not known here
 */
export function marginOf(graph: Graph): Margin {
  const ends = reachesOf(graph).get(graph.outputs[0]!) ?? [STILL, STILL];
  return {
    before: Math.max(0, ...ends.map(({ low }) => Math.floor(-low))),
    after: Math.max(0, ...ends.map(({ high }) => Math.ceil(high))),
  };
}

const STILL: Reach = { stride: 1, low: 0, high: 0, spread: 0 };

/** How far every value of a graph with one input [1, C, H, W] sees into it. Throws UnsupportedOperatorError. */
export function reachesOf(graph: Pick<Graph, 'inputs' | 'nodes'>): ReadonlyMap<Value, Reaches> {
  const reaches = new Map<Value, Reaches>([[graph.inputs[0]!, [STILL, STILL]]]);
  for (const node of graph.nodes) {
    const inputs = node.inputs.flatMap((value) => {
      const reach = value && reaches.get(value);
      return reach ? [reach] : [];
    });
    if (inputs.length > 0) reaches.set(node.outputs[0]!, through(node, inputs));
  }
  return reaches;
}

/** A constant that differs from place to place. */
const placed = (value: Value | null): boolean =>
  value?.data != null && value.dims.slice(-2).some((dim) => dim > 1);

function through(node: Node, inputs: readonly Reaches[]): Reaches {
  if (pointwise(node)) return [union(inputs, 0), union(inputs, 1)];
  const [x] = inputs;
  const map = (along: (reach: Reach, axis: 0 | 1) => Reach): Reaches => [
    along(x![0], 0),
    along(x![1], 1),
  ];
  switch (node.op) {
    case 'Conv':
    case 'MaxPool':
    case 'AveragePool': {
      const window =
        node.op === 'Conv'
          ? inputOf(node, 1).dims.slice(2)
          : intsAttribute(node.attributes, 'kernel_shape', []);
      const { kernel, strides, dilations, begin } = slidingOf(
        node,
        inputOf(node, 0),
        window as [number, number],
      );
      return map(({ stride, low, high, spread }, i) => ({
        stride: stride * strides[i],
        low: low - stride * begin[i],
        high: high + stride * (dilations[i] * (kernel[i] - 1) - begin[i]),
        spread: spread + (stride ** 2 * dilations[i] ** 2 * (kernel[i] ** 2 - 1)) / 12,
      }));
    }
    case 'Pad': {
      // Where the padding mirrors the picture, it does so at the picture's own edge, which a tile there shares.
      const begin = constantOf(node, 1).slice(2, 4);
      if (node.inputs[3]) break;
      return map(({ stride, low, high, spread }, i) => ({
        stride,
        low: low - stride * begin[i]!,
        high: high - stride * begin[i]!,
        spread,
      }));
    }
    case 'DepthToSpace': {
      const block = intAttribute(node.attributes, 'blocksize', 1);
      // Element i comes from element floor(i / block).
      return map(({ stride, low, high, spread }) => ({
        stride: stride / block,
        low: low - (stride * (block - 1)) / block,
        high,
        spread,
      }));
    }
  }
  throw new UnsupportedOperatorError(
    `a network with the operator ${node.op} cannot be cut into tiles`,
    'Use a network of convolutions, pooling and pixel shuffles, or choose a smaller size.',
  );
}

function union(inputs: readonly Reaches[], axis: 0 | 1): Reach {
  const all = inputs.map((reaches) => reaches[axis]);
  return {
    stride: all[0]!.stride,
    low: Math.min(...all.map(({ low }) => low)),
    high: Math.max(...all.map(({ high }) => high)),
    spread: Math.max(...all.map(({ spread }) => spread)),
  };
}
