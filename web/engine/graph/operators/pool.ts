/** Pooling. */
import type { GraphWriter } from '../writer.ts';
import { intAttribute, intsAttribute, type Node, type Value } from '../graph.ts';
import { castFloat, float32 } from '../tensor.ts';
import { correlationGradient, cropInput, interleave, slidingOf, type Sliding } from './conv.ts';
import { inputOf, sameAsInput, typed, type Operator } from './operator.ts';

function poolSliding(node: Node): Sliding {
  const kernel = intsAttribute(node.attributes, 'kernel_shape', []);
  if (kernel.length !== 2) throw new RangeError('only two-dimensional pooling is supported');
  return slidingOf(node, inputOf(node, 0), [kernel[0]!, kernel[1]!]);
}

const inferPool = (node: Node) => {
  const { dtype, dims } = inputOf(node, 0);
  return typed(dtype, [dims[0]!, dims[1]!, ...poolSliding(node).out]);
};

/** Below every activation, and finite in half precision too. */
const LOWEST = -65504;

/**
 * Gradient of max pooling: each window's dy goes to its first maximum in row-major order, as in PyTorch.
 * Window tap by window tap: what the tap equals, it takes; the rest is passed on.
 */
function maxPoolGradient(b: GraphWriter, node: Node, dy: Value): Value {
  const [x, y] = [inputOf(node, 0), node.outputs[0]!];
  const { kernel, strides, begin, out } = poolSliding(node);
  const span = ([0, 1] as const).map((i) => (out[i] - 1) * strides[i] + kernel[i]);
  const grow = ([0, 1] as const).map((i) => span[i]! - begin[i] - x.dims[2 + i]!);
  const pads = [0, 0, ...begin, 0, 0, ...grow.map((n) => Math.max(0, n))];
  const padded = pads.every((n) => n === 0)
    ? x
    : b.op('Pad', [x, b.ints(pads), b.scalar(LOWEST, x.dtype)]);
  const taps = new Map<string, Value[]>();
  let rest = dy;
  for (let ky = 0; ky < kernel[0]; ky++) {
    for (let kx = 0; kx < kernel[1]; kx++) {
      const ends = [ky + (out[0] - 1) * strides[0] + 1, kx + (out[1] - 1) * strides[1] + 1];
      const tap = b.slice(padded, [2, 3], [ky, kx], ends, strides);
      const taken = b.where(b.equal(tap, y), rest, 0);
      const last = ky === kernel[0] - 1 && kx === kernel[1] - 1;
      if (!last) rest = b.sub(rest, taken);
      const shift = [Math.floor(ky / strides[0]), Math.floor(kx / strides[1])];
      const blocks = ([0, 1] as const).map((i) => Math.ceil(span[i]! / strides[i]) - out[i]);
      const placed = b.pad(taken, [0, 0, ...shift, 0, 0, ...blocks.map((n, i) => n - shift[i]!)]);
      const phase = `${ky % strides[0]},${kx % strides[1]}`;
      taps.set(phase, [...(taps.get(phase) ?? []), placed]);
    }
  }
  return cropInput(b, interleave(b, stackPhases(b, taps, strides, dy)), begin, x.dims);
}

/** Sums the taps of each phase and stacks the phases into [N, C, sh, sw, H, W]. */
function stackPhases(
  b: GraphWriter,
  taps: ReadonlyMap<string, readonly Value[]>,
  [sh, sw]: readonly [number, number],
  dy: Value,
): Value {
  const [n, c, h, w] = taps.get('0,0')![0]!.dims as [number, number, number, number];
  const planes: Value[] = [];
  for (let py = 0; py < sh; py++) {
    for (let px = 0; px < sw; px++) {
      const sum = taps.get(`${py},${px}`)?.reduce((a, tap) => b.add(a, tap));
      // A stride longer than the window leaves phases that no window sees.
      const plane = sum ?? b.expand(b.scalar(0, dy.dtype), [n, c, h, w]);
      planes.push(b.reshape(plane, [n, c, 1, h, w]));
    }
  }
  return b.reshape(b.concat(planes, 2), [n, c, sh, sw, h, w]);
}

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
function windowCounts(sliding: Sliding, xDims: readonly number[], withPads: boolean): Float32Array {
  const axis = (i: 0 | 1) =>
    Array.from({ length: sliding.out[i] }, (_, o) => {
      const start = o * sliding.strides[i] - sliding.begin[i];
      const [low, high] = withPads
        ? [-sliding.begin[i], xDims[2 + i]! + sliding.end[i]]
        : [0, xDims[2 + i]!];
      return Math.min(start + sliding.kernel[i], high) - Math.max(start, low);
    });
  const columns = axis(1);
  return Float32Array.from(axis(0).flatMap((rows) => columns.map((n) => rows * n)));
}

export const poolOperators: Record<string, Operator> = {
  MaxPool: { infer: inferPool, vjp: (b, node, dy) => [maxPoolGradient(b, node, dy)] },
  AveragePool: { infer: inferPool, vjp: (b, node, dy) => [averagePoolGradient(b, node, dy)] },
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
  infer: sameAsInput,
  vjp: (b, node, dy) => {
    const epsilon = node.attributes['epsilon'];
    const eps = epsilon?.kind === 'float' ? epsilon.value : 1e-5;
    const factor = b.div(inputOf(node, 1), b.sqrt(b.add(inputOf(node, 4), eps)));
    return [b.mul(dy, b.reshape(factor, [1, factor.dims[0]!, 1, 1]))];
  },
};
