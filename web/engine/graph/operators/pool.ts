/** Pooling. */
import type { GraphWriter } from '../writer.ts';
import { intAttribute, intsAttribute, type Node, type Value } from '../graph.ts';
import { castFloat, float32 } from '../tensor.ts';
import type { AttributeTable } from './attributes.ts';
import { correlationGradient, slidingOf, type Sliding } from './conv.ts';
import { inputOf, sameAsInput, typed, unsupported, type Operator } from './operator.ts';

/** Window geometry of a pooling node, or of its gradient. */
export function poolSliding(node: Node): Sliding {
  const kernel = intsAttribute(node.attributes, 'kernel_shape', []);
  if (kernel.length !== 2) throw unsupported(node, `${kernel.length}-dimensional windows`);
  return slidingOf(node, inputOf(node, 0), [kernel[0]!, kernel[1]!]);
}

const inferPool = (node: Node) => {
  const { dtype, dims } = inputOf(node, 0);
  return typed(dtype, [dims[0]!, dims[1]!, ...poolSliding(node).out]);
};

/** Attributes that say where a window slides. */
export const GEOMETRY: AttributeTable = {
  kernel_shape: 'all',
  strides: 'all',
  pads: 'all',
  ceil_mode: 'all',
  auto_pad: ['NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER'],
};

const MAX_POOL: AttributeTable = { ...GEOMETRY, dilations: 'all', storage_order: 'no effect' };

/** Gradient of average pooling: the adjoint of a depthwise correlation with ones, after dividing by each window's count. */
function averagePoolGradient(b: GraphWriter, node: Node, dy: Value): Value {
  const x = inputOf(node, 0);
  const sliding = poolSliding(node);
  const channels = x.dims[1]!;
  const counts = windowCounts(
    sliding,
    x.dims,
    intAttribute(node.attributes, 'count_include_pad', 0) === 1,
  );
  const scaled = b.div(
    dy,
    b.cast(b.initializer(float32([1, 1, ...sliding.out], counts)), dy.dtype),
  );
  const ones = float32(
    [channels, 1, ...sliding.kernel],
    new Float32Array(channels * sliding.kernel[0] * sliding.kernel[1]).fill(1),
  );
  const kernel = dy.dtype === 'float16' ? castFloat(ones, 'float16') : ones;
  return correlationGradient(b, scaled, kernel, x.dims, sliding, channels);
}

/** How many elements each window averages over: those inside the input, or inside its padding too. */
export function windowCounts(
  sliding: Sliding,
  xDims: readonly number[],
  withPads: boolean,
): Float32Array {
  const axis = (i: 0 | 1) =>
    Array.from({ length: sliding.out[i] }, (_, o) => {
      const start = o * sliding.strides[i] - sliding.begin[i];
      const [low, high] = withPads
        ? [-sliding.begin[i], xDims[2 + i]! + sliding.end[i]]
        : [0, xDims[2 + i]!];
      const taps = Array.from(
        { length: sliding.kernel[i] },
        (_, k) => start + k * sliding.dilations[i],
      );
      return taps.filter((at) => at >= low && at < high).length;
    });
  const columns = axis(1);
  return Float32Array.from(axis(0).flatMap((rows) => columns.map((n) => rows * n)));
}

export const poolOperators: Record<string, Operator> = {
  // `storage_order` is about the second output, the places of the maxima, which is not supported.
  MaxPool: {
    attributes: MAX_POOL,
    infer: inferPool,
    vjp: (b, node, dy) => [
      b.op('MaxPoolGradient', [inputOf(node, 0), node.outputs[0]!, dy], node.attributes),
    ],
  },
  // Of x, y = MaxPool(x) and dy: each window's dy goes to its first maximum in row-major order, as in PyTorch.
  MaxPoolGradient: { attributes: MAX_POOL, infer: sameAsInput, composite: true },
  AveragePool: {
    attributes: { ...GEOMETRY, count_include_pad: 'all' },
    infer: inferPool,
    vjp: (b, node, dy) => [averagePoolGradient(b, node, dy)],
  },
  GlobalAveragePool: {
    infer: (node) => {
      const { dtype, dims } = inputOf(node, 0);
      return typed(
        dtype,
        dims.map((dim, i) => (i < 2 ? dim : 1)),
      );
    },
    vjp: (b, node, dy) => {
      const { dims } = inputOf(node, 0);
      const area = dims.slice(2).reduce((product, dim) => product * dim, 1);
      return [b.expand(b.mul(dy, 1 / area), dims)];
    },
  },
};

/** Inference form: running statistics, constant scale and shift. */
export const batchNormalization: Operator = {
  attributes: { epsilon: 'all', momentum: 'no effect', training_mode: [0] },
  infer: sameAsInput,
  vjp: (b, node, dy) => {
    const epsilon = node.attributes['epsilon'];
    const eps = epsilon?.kind === 'float' ? epsilon.value : 1e-5;
    const factor = b.div(inputOf(node, 1), b.sqrt(b.add(inputOf(node, 4), eps)));
    const ones = inputOf(node, 0)
      .dims.slice(2)
      .map(() => 1);
    return [b.mul(dy, b.reshape(factor, [1, factor.dims[0]!, ...ones]))];
  },
};
