import type { GraphBuilder } from '../../web/engine/graph/builder.ts';
import { float } from '../../web/engine/graph/writer.ts';
import type { Value } from '../../web/engine/graph/graph.ts';
import { float32 } from '../../web/engine/graph/tensor.ts';
import { normal, random, type Random } from '../../web/engine/random.ts';

/** One differentiable expression on random shapes: its inputs' dims, and the nodes over them. */
export interface VjpCase {
  readonly dims: readonly (readonly number[])[];
  readonly build: (b: GraphBuilder, inputs: readonly Value[]) => Value;
  /** `positive`: for roots and powers. `distinct`: no two values close, for maxima. Default: away from 0. */
  readonly values?: 'positive' | 'distinct';
}

export type Pick = (low: number, high: number) => number;

type MakeCase = (pick: Pick, constant: (dims: readonly number[]) => Float32Array) => VjpCase;

const unary =
  (op: string, attributes = {}, values?: 'positive'): MakeCase =>
  (pick) => ({
    dims: [[pick(1, 3), pick(1, 4), pick(1, 5)]],
    build: (b, [x]) => b.op(op, [x!], attributes),
    ...(values && { values }),
  });

/** Two operands, one of them to be repeated along some axes. */
const binary =
  (op: string, values?: 'positive'): MakeCase =>
  (pick) => {
    const full = [pick(1, 3), pick(2, 4), pick(2, 4)];
    const other = [full, [full[1]!, 1], [1, full[1]!, full[2]!], []][pick(0, 3)]!;
    const dims = pick(0, 1) === 0 ? [full, other] : [other, full];
    return { dims, build: (b, [x, y]) => b.op(op, [x!, y!]), ...(values && { values }) };
  };

interface ConvForm {
  readonly stride: number;
  readonly kernel: readonly [number, number];
  readonly group?: 'depthwise';
  readonly dilation?: number;
}

const conv =
  ({ stride, kernel, group, dilation = 1 }: ConvForm): MakeCase =>
  (pick, constant) => {
    const channels = pick(1, 3);
    const multiplier = pick(1, 2);
    const outputs = group ? channels * multiplier : pick(1, 4);
    const dims = [pick(1, 2), channels, pick(7, 9), pick(7, 9)];
    const kernelDims = [outputs, group ? 1 : channels, ...kernel];
    const weights = constant(kernelDims);
    const bias = constant([outputs]);
    const pads = [pick(0, 2), pick(0, 2), pick(0, 2), pick(0, 2)];
    return {
      dims: [dims],
      build: (b, [x]) =>
        b.op(
          'Conv',
          [
            x!,
            b.initializer(float32(kernelDims, weights)),
            b.initializer(float32([outputs], bias)),
          ],
          {
            kernel_shape: kernel,
            strides: [stride, stride],
            dilations: [dilation, dilation],
            pads,
            group: group ? channels : 1,
          },
        ),
    };
  };

const pool =
  (
    op: 'MaxPool' | 'AveragePool',
    attributes: Record<string, number | readonly number[]>,
  ): MakeCase =>
  (pick) => ({
    dims: [[1, pick(1, 2), pick(5, 8), pick(5, 8)]],
    build: (b, [x]) => b.op(op, [x!], attributes),
    values: 'distinct',
  });

const pad =
  (mode: string): MakeCase =>
  (pick) => {
    const pads = [0, 0, pick(0, 3), pick(0, 3), 0, 0, pick(0, 3), pick(0, 3)];
    return {
      dims: [[1, pick(1, 2), pick(4, 6), pick(4, 6)]],
      build: (b, [x]) => b.op('Pad', [x!, b.ints(pads)], { mode }),
    };
  };

const resize =
  (mode: string, coordinates: string): MakeCase =>
  (pick) => {
    const out = [pick(2, 11), pick(2, 11)];
    return {
      dims: [[1, pick(1, 2), pick(3, 6), pick(3, 6)]],
      build: (b, [x]) =>
        b.op('Resize', [x!, null, null, b.ints([1, x!.dims[1]!, ...out])], {
          mode,
          coordinate_transformation_mode: coordinates,
          nearest_mode: mode === 'nearest' ? 'floor' : undefined,
        }),
    };
  };

const reduce =
  (op: string): MakeCase =>
  (pick) => {
    const axes = [[0], [1, 2], [0, 2], [-1]][pick(0, 3)]!;
    const keepdims = pick(0, 1);
    return {
      dims: [[pick(1, 3), pick(1, 4), pick(1, 4)]],
      build: (b, [x]) => b.op(op, [x!, b.ints(axes)], { keepdims }),
    };
  };

const gemm =
  (transA: number, transB: number): MakeCase =>
  (pick) => {
    const [m, k, n] = [pick(1, 4), pick(1, 4), pick(1, 4)];
    return {
      dims: [transA ? [k, m] : [m, k], transB ? [n, k] : [k, n], pick(0, 1) ? [n] : [m, 1]],
      build: (b, inputs) =>
        b.op('Gemm', inputs, { transA, transB, alpha: float(0.7), beta: float(1.3) }),
    };
  };

export const VJP_CASES: Record<string, MakeCase> = {
  'Conv 3x3': conv({ stride: 1, kernel: [3, 3] }),
  'Conv 3x3 dilated': conv({ stride: 1, kernel: [3, 3], dilation: 2 }),
  'Conv 1x1 padded': conv({ stride: 1, kernel: [1, 1] }),
  'Conv 3x2 stride 2': conv({ stride: 2, kernel: [3, 2] }),
  'Conv 1x1 stride 2': conv({ stride: 2, kernel: [1, 1] }),
  'Conv 7x7 stride 2': conv({ stride: 2, kernel: [7, 7] }),
  'Conv 4x4 stride 3': conv({ stride: 3, kernel: [4, 4] }),
  'Conv depthwise': conv({ stride: 1, kernel: [3, 3], group: 'depthwise' }),
  'Conv depthwise stride 2': conv({ stride: 2, kernel: [3, 3], group: 'depthwise' }),
  Add: binary('Add'),
  Sub: binary('Sub'),
  Mul: binary('Mul'),
  Div: binary('Div', 'positive'),
  Pow: binary('Pow', 'positive'),
  'Mul by itself': (pick) => ({
    dims: [[pick(1, 4), pick(1, 4)]],
    build: (b, [x]) => b.square(x!),
  }),
  'Pow 2': (pick) => ({ dims: [[pick(1, 4), pick(1, 4)]], build: (b, [x]) => b.pow(x!, 2) }),
  'MatMul batched': (pick) => {
    const [n, m, k, l] = [pick(1, 3), pick(1, 4), pick(1, 4), pick(1, 4)];
    return {
      dims: [[n, m, k], pick(0, 1) ? [n, k, l] : [k, l]],
      build: (b, [x, y]) => b.matMul(x!, y!),
    };
  },
  'MatMul Gram': (pick) => ({
    dims: [[pick(1, 3), pick(1, 4), pick(1, 5)]],
    build: (b, [x]) => b.matMul(x!, b.transposeLast(x!)),
  }),
  Gemm: gemm(0, 0),
  'Gemm A transposed': gemm(1, 0),
  'Gemm B transposed': gemm(0, 1),
  'Gemm both transposed': gemm(1, 1),
  'Gemm Gram': (pick) => ({
    dims: [[pick(1, 4), pick(1, 5)]],
    build: (b, [x]) => b.op('Gemm', [x!, x!], { transB: 1, alpha: float(0.5) }),
  }),
  Relu: unary('Relu'),
  LeakyRelu: unary('LeakyRelu', { alpha: float(0.2) }),
  PRelu: (pick) => {
    const channels = pick(1, 4);
    return {
      dims: [
        [1, channels, pick(1, 4), pick(1, 4)],
        [channels, 1, 1],
      ],
      build: (b, [x, s]) => b.op('PRelu', [x!, s!]),
    };
  },
  Sigmoid: unary('Sigmoid'),
  Tanh: unary('Tanh'),
  Sqrt: unary('Sqrt', {}, 'positive'),
  Exp: unary('Exp'),
  Log: unary('Log', {}, 'positive'),
  Abs: unary('Abs'),
  Neg: unary('Neg'),
  Identity: unary('Identity'),
  Cast: unary('Cast', { to: 1 }),
  Clip: (pick) => ({ dims: [[pick(1, 5), pick(1, 5)]], build: (b, [x]) => b.clip(x!, -0.5, 0.7) }),
  Softmax: (pick) => ({
    dims: [[pick(1, 3), pick(2, 5), pick(1, 3)]],
    build: (b, [x]) => b.op('Softmax', [x!], { axis: 1 }),
  }),
  'MaxPool 2x2/2': pool('MaxPool', { kernel_shape: [2, 2], strides: [2, 2] }),
  'MaxPool 3x3/2 padded': pool('MaxPool', {
    kernel_shape: [3, 3],
    strides: [2, 2],
    pads: [1, 1, 1, 1],
  }),
  'MaxPool 3x3/2 ceil': pool('MaxPool', { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
  'MaxPool 3x3/1': pool('MaxPool', { kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] }),
  'MaxPool 2x2/3': pool('MaxPool', { kernel_shape: [2, 2], strides: [3, 3] }),
  'AveragePool 2x2/2': pool('AveragePool', { kernel_shape: [2, 2], strides: [2, 2] }),
  'AveragePool 3x3/2 padded': pool('AveragePool', {
    kernel_shape: [3, 3],
    strides: [2, 2],
    pads: [1, 1, 1, 1],
  }),
  'AveragePool 3x3/2 counting pads': pool('AveragePool', {
    kernel_shape: [3, 3],
    strides: [2, 2],
    pads: [1, 1, 1, 1],
    count_include_pad: 1,
  }),
  GlobalAveragePool: (pick) => ({
    dims: [[1, pick(1, 4), pick(1, 5), pick(1, 5)]],
    build: (b, [x]) => b.op('GlobalAveragePool', [x!]),
  }),
  BatchNormalization: (pick, constant) => {
    const channels = pick(1, 4);
    const numbers = [0, 1, 2, 3].map((i) =>
      constant([channels]).map((x) => (i === 3 ? Math.abs(x) + 0.3 : x)),
    );
    return {
      dims: [[1, channels, pick(1, 4), pick(1, 4)]],
      build: (b, [x]) =>
        b.op('BatchNormalization', [
          x!,
          ...numbers.map((list) => b.initializer(float32([channels], list))),
        ]),
    };
  },
  Concat: (pick) => {
    const [n, h] = [pick(1, 3), pick(1, 4)];
    return {
      dims: [
        [n, pick(1, 3), h],
        [n, pick(1, 3), h],
      ],
      build: (b, [x, y]) => b.concat([x!, y!, x!], 1),
    };
  },
  Reshape: (pick) => {
    const [n, h] = [pick(1, 3), pick(1, 4)];
    return { dims: [[n, h, 2]], build: (b, [x]) => b.op('Reshape', [x!, b.ints([0, -1])]) };
  },
  Flatten: unary('Flatten'),
  Squeeze: (pick) => ({
    dims: [[1, pick(1, 4), 1]],
    build: (b, [x]) => b.op('Squeeze', [x!, b.ints([0])]),
  }),
  Unsqueeze: (pick) => ({
    dims: [[pick(1, 4)]],
    build: (b, [x]) => b.op('Unsqueeze', [x!, b.ints([0, 2])]),
  }),
  Expand: (pick) => {
    const [m, n, k] = [pick(1, 3), pick(1, 4), pick(1, 3)];
    return { dims: [[n, 1]], build: (b, [x]) => b.expand(x!, [m, n, k]) };
  },
  Transpose: (pick) => ({
    dims: [[pick(1, 3), pick(1, 4), pick(1, 5)]],
    build: (b, [x]) => b.transpose(x!, [2, 0, 1]),
  }),
  Slice: (pick) => ({
    dims: [[pick(2, 4), pick(3, 6)]],
    build: (b, [x]) => b.op('Slice', [x!, b.ints([1, 0]), b.ints([9, -1])]),
  }),
  'Slice with steps': (pick) => ({
    dims: [[pick(3, 6), pick(4, 7)]],
    build: (b, [x]) =>
      b.op('Slice', [x!, b.ints([1, -1]), b.ints([99, -99]), b.ints([0, 1]), b.ints([2, -1])]),
  }),
  'Pad constant': pad('constant'),
  'Pad reflect': pad('reflect'),
  'Pad edge': pad('edge'),
  'Resize nearest': resize('nearest', 'asymmetric'),
  'Resize linear': resize('linear', 'half_pixel'),
  'Resize linear, corners aligned': resize('linear', 'align_corners'),
  ReduceSum: reduce('ReduceSum'),
  ReduceMean: reduce('ReduceMean'),
};

/** A case with shapes, constants and inputs drawn from `seed`. */
export function drawCase(
  name: string,
  seed: number,
): VjpCase & { readonly inputs: Float32Array[] } {
  const uniform = random(seed);
  const gauss = normal(uniform);
  const pick: Pick = (low, high) => low + Math.floor(uniform() * (high - low + 1));
  const made = VJP_CASES[name]!(pick, (dims) => fill(dims, gauss));
  return { ...made, inputs: made.dims.map((dims) => draw(dims, made.values, uniform, gauss)) };
}

function fill(dims: readonly number[], next: Random): Float32Array {
  return Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, next);
}

function draw(
  dims: readonly number[],
  values: VjpCase['values'],
  uniform: Random,
  gauss: Random,
): Float32Array {
  const raw = fill(dims, gauss);
  if (values === 'positive') return raw.map((x) => Math.abs(x) + 0.3);
  if (values === 'distinct') {
    const order = Array.from(raw.keys()).sort((i, j) => raw[i]! - raw[j]!);
    order.forEach((at, rank) => (raw[at] = (rank - raw.length / 2) * 0.1 + 0.02 * uniform()));
    return raw;
  }
  return raw.map((x) => x + Math.sign(x) * 0.1);
}
