import { bytes, constant, floats, ints, operatorCase, scalar, type Given } from './case.ts';
import { float32, int64 } from '../../../web/engine/graph/tensor.ts';

const REDUCTIONS =
  'ReduceSum ReduceMean ReduceMax ReduceMin ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSum ReduceLogSumExp'.split(
    ' ',
  );

/** Axes are an attribute first, an input later. */
const reduction = (op: string) => {
  const moved = op === 'ReduceSum' ? 13 : 18;
  const values = /LogSum$|L1$/.test(op) ? 'positive' : 'distinct';
  const given: Given = { values };
  return [
    operatorCase(op, { axes: [1, -1], keepdims: 0 }, { ...given, since: 11, until: moved - 1 }),
    operatorCase(op, { axes: [2], keepdims: 1 }, { ...given, until: moved - 1 }),
    operatorCase(op, {}, given),
    operatorCase(op, { keepdims: 0 }, { ...given, inputs: ['x', ints(1, 2)], since: moved }),
    operatorCase(
      op,
      { noop_with_empty_axes: 0 },
      { ...given, inputs: ['x', ints()], since: moved },
    ),
    operatorCase(
      op,
      { noop_with_empty_axes: 1 },
      {
        ...given,
        since: moved,
        ...(op.length > 10 && op !== 'ReduceMean' && { without: 'runtime' }),
      },
    ),
  ];
};

const pad = (mode: string, since: number, ...pads: number[]) =>
  operatorCase('Pad', { mode }, { inputs: ['x', ints(...pads)], since, dims: [1, 2, 4, 3] });

type Values = Record<string, string | number | number[]>;
const resize = (sizes: number[], attributes: Values, given: Given = {}) =>
  operatorCase('Resize', attributes, {
    inputs: ['x', floats(), floats(), ints(1, 2, ...sizes)],
    dims: [1, 2, 5, 4],
    since: 11,
    ...given,
  });
const scaled = (scales: number[], attributes: Values, given: Given = {}) =>
  operatorCase('Resize', attributes, {
    inputs: ['x', floats(), floats(1, 1, ...scales)],
    dims: [1, 2, 5, 4],
    since: 11,
    ...given,
  });
const COORDINATES = ['half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric'];
const SIZES = [
  [3, 7],
  [8, 1],
  [10, 2],
];

export const shapeCases = [
  ...REDUCTIONS.flatMap(reduction),
  ...['Softmax', 'LogSoftmax'].flatMap((op) => [
    operatorCase(op),
    operatorCase(op, { axis: 2 }),
    operatorCase(op, { axis: 1 }),
    operatorCase(op, { axis: -1 }, { since: 11 }),
  ]),
  operatorCase('MatMul', {}, { inputs: ['x', constant(3, 2)] }),
  operatorCase('MatMul', {}, { inputs: ['x', constant(3)] }),
  operatorCase('MatMul', {}, { inputs: [constant(3), 'x'] }),
  operatorCase('MatMul', {}, { inputs: [constant(4, 2, 3), 'x'] }),
  operatorCase(
    'Gemm',
    { alpha: 0.5, beta: 2, transA: 1, transB: 1 },
    { dims: [3, 2], inputs: ['x', constant(4, 3), constant(4)], since: 7 },
  ),
  operatorCase(
    'Gemm',
    {},
    { dims: [3, 2], inputs: [constant(2, 3), 'x', constant(2, 2)], since: 7 },
  ),
  operatorCase(
    'Gemm',
    { broadcast: 1 },
    { dims: [3, 2], inputs: ['x', constant(2, 3), constant(3)], until: 6, without: 'runtime' },
  ),
  ...['bchw,cd->bdhw', 'bchw,bchw->bch', 'bchw,wh->bc', 'bchw->bwch', 'bchw->cb', 'bchw,c'].map(
    (equation) =>
      operatorCase(
        'Einsum',
        { equation },
        {
          inputs: [
            'x',
            ...(equation.includes(',cd')
              ? [constant(4, 2)]
              : equation.includes(',b')
                ? [constant(1, 4, 3, 3)]
                : equation.includes(',w')
                  ? [constant(3, 3)]
                  : equation.endsWith(',c')
                    ? [constant(4)]
                    : []),
          ],
          since: 12,
        },
      ),
  ),

  operatorCase('Reshape', {}, { inputs: ['x', ints(0, -1, 2)], dims: [2, 3, 4] }),
  operatorCase(
    'Reshape',
    { allowzero: 1 },
    { inputs: ['x', ints(4, -1)], dims: [2, 3, 4], since: 14 },
  ),
  operatorCase('Flatten'),
  operatorCase('Flatten', { axis: 2 }),
  operatorCase('Flatten', { axis: -1 }, { since: 11 }),
  operatorCase('Flatten', { axis: 0 }),
  operatorCase('Squeeze', { axes: [0] }, { until: 12, dims: [1, 4, 1] }),
  operatorCase('Squeeze', {}, { dims: [1, 4, 1] }),
  operatorCase('Squeeze', {}, { inputs: ['x', ints(-1)], since: 13, dims: [1, 4, 1] }),
  operatorCase('Unsqueeze', { axes: [0, 3] }, { until: 12, dims: [2, 3] }),
  operatorCase('Unsqueeze', {}, { inputs: ['x', ints(0, -1)], since: 13, dims: [2, 3] }),
  operatorCase('Transpose'),
  operatorCase('Transpose', { perm: [0, 2, 3, 1] }),
  operatorCase('Concat', { axis: 1 }, { inputs: ['x', constant(1, 2, 3, 3), 'x'] }),
  operatorCase('Concat', { axis: -1 }, { inputs: ['x', constant(1, 4, 3, 1)], since: 11 }),
  operatorCase('Expand', {}, { inputs: ['x', ints(2, 3, 4)], dims: [3, 1], since: 8 }),
  operatorCase('Gather', { axis: 1 }, { inputs: ['x', int64([2, 2], [0, 3, 1, 3])] }),
  operatorCase('Gather', {}, { inputs: ['x', int64([], [1])], dims: [3, 2] }),
  operatorCase('Gather', { axis: -1 }, { inputs: ['x', ints(-1, 0)], dims: [3], since: 11 }),
  operatorCase('DepthToSpace', { blocksize: 2 }, { dims: [1, 8, 2, 3] }),
  ...['DCR', 'CRD'].map((mode) =>
    operatorCase('DepthToSpace', { blocksize: 2, mode }, { dims: [1, 8, 2, 3], since: 11 }),
  ),
  operatorCase('SpaceToDepth', { blocksize: 2 }, { dims: [1, 2, 4, 6] }),
  operatorCase('Split', { axis: 1, split: [1, 3] }, { until: 12, outputs: 2 }),
  operatorCase('Split', { axis: 1 }, { until: 17, outputs: 2 }),
  operatorCase('Split', { axis: 1 }, { inputs: ['x', ints(3, 1)], since: 13, outputs: 2 }),
  operatorCase('Split', { axis: -1, num_outputs: 2 }, { since: 18, outputs: 2 }),
  operatorCase('Slice', { starts: [1, 0], ends: [9, -1], axes: [1, 3] }, { until: 9 }),
  operatorCase('Slice', { starts: [0, 1], ends: [1, 3] }, { until: 9 }),
  operatorCase('Slice', {}, { inputs: ['x', ints(0, 1), ints(9, -1)], since: 10 }),
  operatorCase(
    'Slice',
    {},
    { inputs: ['x', ints(-1, 0), ints(-99, 99), ints(3, 1), ints(-2, 2)], since: 10 },
  ),

  operatorCase(
    'Pad',
    { pads: [0, 0, 1, 2, 0, 0, 0, 1], value: 0.5, mode: 'constant' },
    { until: 10 },
  ),
  ...['reflect', 'edge'].map((mode) =>
    operatorCase('Pad', { pads: [0, 0, 1, 2, 0, 0, 0, 1], mode }, { until: 10 }),
  ),
  ...['constant', 'reflect', 'edge'].map((mode) => pad(mode, 11, 0, 0, 2, 1, 0, 0, 1, 2)),
  pad('constant', 11, 0, 0, -1, 1, 0, 0, 1, -1),
  pad('wrap', 19, 0, 0, 2, 1, 0, 0, 1, 2),
  operatorCase('Pad', {}, { inputs: ['x', ints(1, 2, 0, 1), scalar(0.5), ints(2, -1)], since: 18 }),
  operatorCase(
    'Pad',
    { mode: 'wrap' },
    { inputs: ['x', ints(1, 0, 0, 2), null, ints(3, -2)], since: 19 },
  ),

  operatorCase('Upsample', { mode: 'nearest', scales: [1, 1, 2, 3] }, { until: 8, since: 7 }),
  operatorCase('Upsample', { mode: 'linear', scales: [1, 1, 2, 3] }, { until: 8, since: 7 }),
  operatorCase(
    'Upsample',
    { mode: 'linear' },
    { inputs: ['x', floats(1, 1, 2, 2)], since: 9, until: 9 },
  ),
  operatorCase(
    'Resize',
    { mode: 'linear' },
    { inputs: ['x', floats(1, 1, 2, 0.6)], since: 10, until: 10 },
  ),
  operatorCase('Resize', {}, { inputs: ['x', floats(1, 1, 2, 2)], since: 10, until: 10 }),
  ...COORDINATES.flatMap((coordinate_transformation_mode) =>
    SIZES.flatMap((sizes) => [
      resize(sizes, { mode: 'linear', coordinate_transformation_mode }),
      resize(sizes, { mode: 'cubic', coordinate_transformation_mode }),
      ...['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'].map((nearest_mode) =>
        resize(
          sizes,
          { mode: 'nearest', nearest_mode, coordinate_transformation_mode },
          { since: 18 },
        ),
      ),
    ]),
  ),
  resize([7, 9], { mode: 'cubic', cubic_coeff_a: -0.5 }),
  resize([3, 9], { mode: 'cubic', exclude_outside: 1 }),
  ...['linear', 'cubic'].flatMap((mode) => [
    ...SIZES.map((sizes) => resize(sizes, { mode, antialias: 1 }, { since: 18 })),
    resize([2, 3], { mode, antialias: 1, exclude_outside: 1 }, { since: 18 }),
    scaled(
      [2.3, 0.7],
      { mode, coordinate_transformation_mode: 'half_pixel_symmetric' },
      { since: 19 },
    ),
    scaled([2.3, 0.7], { mode, extrapolation_value: 3 }),
  ]),
  scaled([2.3, 0.7], {}),
  operatorCase(
    'Resize',
    { axes: [3, 2], mode: 'linear' },
    { inputs: ['x', null, floats(2, 3)], since: 18 },
  ),
  operatorCase(
    'Resize',
    { axes: [2, 3], mode: 'cubic' },
    { inputs: ['x', null, null, ints(5, 2)], since: 18 },
  ),
  ...['stretch', 'not_larger', 'not_smaller'].map((keep_aspect_ratio_policy) =>
    operatorCase(
      'Resize',
      { axes: [2, 3], mode: 'linear', keep_aspect_ratio_policy },
      { inputs: ['x', null, null, ints(7, 6)], dims: [1, 1, 4, 5], since: 18 },
    ),
  ),
];

/** Operators of constants: their value is computed while the file is read. */
export const constantCases = [
  operatorCase('Constant', { value: float32([2, 1], [1.5, -2]) }, { inputs: [] }),
  operatorCase('Constant', { value_float: 1.5 }, { inputs: [], since: 12 }),
  operatorCase('Constant', { value_floats: [1.5, -1] }, { inputs: [], since: 12 }),
  operatorCase('Constant', { value_int: 3 }, { inputs: [], since: 12 }),
  operatorCase('Constant', { value_ints: [3, -1] }, { inputs: [], since: 12 }),
  operatorCase('ConstantOfShape', {}, { inputs: [ints(2, 3)], since: 9 }),
  operatorCase(
    'ConstantOfShape',
    { value: float32([1], [0.5]) },
    { inputs: [ints(2, 3)], since: 9 },
  ),
  operatorCase('ConstantOfShape', { value: ints(4) }, { inputs: [ints(2)], since: 9 }),
  operatorCase('Shape'),
  operatorCase('Shape', { start: 1, end: -1 }, { since: 15 }),
  operatorCase('Size'),
  operatorCase(
    'Range',
    {},
    { inputs: [int64([], [1]), int64([], [9]), int64([], [3])], since: 11 },
  ),
  ...['Ceil', 'Round', 'Floor', 'Sqrt', 'Exp', 'Abs', 'Neg'].map((op) =>
    operatorCase(op, {}, { inputs: [floats(0.5, 1.5, 2.25, 7)], since: op === 'Round' ? 11 : 6 }),
  ),
  operatorCase('Not', {}, { inputs: [bytes('bool', [3], [1, 0, 1])] }),
  ...['Or', 'And'].map((op) =>
    operatorCase(
      op,
      {},
      { inputs: [bytes('bool', [3], [1, 0, 1]), bytes('bool', [2, 1], [1, 0])], since: 7 },
    ),
  ),
  ...['Equal', 'Greater', 'Less'].map((op) =>
    operatorCase(
      op,
      {},
      {
        inputs: op === 'Equal' ? [ints(1, 2, 3), ints(2)] : [floats(1, 2, 3), floats(2)],
        since: 7,
      },
    ),
  ),
  ...['GreaterOrEqual', 'LessOrEqual'].map((op) =>
    operatorCase(op, {}, { inputs: [ints(1, 2, 3), ints(2)], since: 12 }),
  ),
  ...['Equal', 'Greater', 'Less', 'And', 'Or'].map((op) =>
    operatorCase(
      op,
      { broadcast: 1, axis: 0 },
      {
        inputs: [bytes('bool', [2, 1], [1, 0]), bytes('bool', [2], [1, 0])],
        until: 6,
        without: 'runtime',
      },
    ),
  ),
  operatorCase('Mod', {}, { inputs: [ints(-7, 7, 5), ints(3)], since: 10 }),
  operatorCase('Mod', { fmod: 1 }, { inputs: [floats(-7.5, 7, 5), floats(3)], since: 10 }),
  operatorCase('Div', {}, { inputs: [ints(-7, 7, 5), ints(2)], since: 7 }),
  operatorCase('Mul', {}, { inputs: [constant(2, 3), constant(3)], since: 7 }),
  operatorCase(
    'Where',
    {},
    { inputs: [bytes('bool', [3], [1, 0, 1]), ints(1), ints(2, 3, 4)], since: 9 },
  ),
  operatorCase('ReduceProd', { axes: [0], keepdims: 0 }, { inputs: [ints(2, 3, 4)], until: 17 }),
  operatorCase(
    'ReduceProd',
    { noop_with_empty_axes: 0 },
    { inputs: [ints(2, 3, 4), ints(0)], since: 18 },
  ),
  operatorCase('ReduceMax', { keepdims: 0 }, { inputs: [constant(2, 3)] }),
  operatorCase('Transpose', { perm: [2, 0, 1] }, { inputs: [constant(2, 3, 4)] }),
  operatorCase(
    'Slice',
    {},
    { inputs: [constant(4, 5), ints(-1, 1), ints(-99, 4), ints(1, 0), ints(-2, 1)], since: 10 },
  ),
  operatorCase('Gather', { axis: 1 }, { inputs: [constant(2, 3), ints(2, -3)], since: 11 }),
  operatorCase('Concat', { axis: 1 }, { inputs: [constant(2, 3), constant(2, 1)] }),
  operatorCase('Squeeze', {}, { inputs: [constant(1, 3, 1), ints(0)], since: 13 }),
  operatorCase('Squeeze', { axes: [2] }, { inputs: [constant(1, 3, 1)], until: 12 }),
  operatorCase('Unsqueeze', {}, { inputs: [constant(3), ints(-1, 0)], since: 13 }),
  operatorCase('Expand', {}, { inputs: [ints(3), ints(2, 2)], since: 8 }),
  operatorCase(
    'Split',
    { axis: 1 },
    { inputs: [constant(2, 4), ints(1, 3)], since: 13, outputs: 2 },
  ),
  operatorCase(
    'DequantizeLinear',
    {},
    {
      inputs: [bytes('uint8', [2, 2], [0, 255, 7, 9]), scalar(0.5), bytes('uint8', [], [128])],
      since: 10,
    },
  ),
  operatorCase(
    'DequantizeLinear',
    { axis: 0 },
    { inputs: [bytes('int8', [2, 2], [-128, 127, 7, 9]), floats(0.5, 0.1)], since: 13 },
  ),
  operatorCase(
    'DequantizeLinear',
    { axis: 0, output_dtype: 0 },
    { inputs: [bytes('int8', [2, 2], [-128, 127, 7, 9]), floats(0.5, 0.1)], since: 23 },
  ),
  operatorCase(
    'DequantizeLinear',
    { axis: -1, output_dtype: 1 },
    { inputs: [bytes('int8', [2, 2], [-128, 127, 7, 9]), floats(0.5, 0.1)], since: 23 },
  ),
  operatorCase(
    'DequantizeLinear',
    { axis: -1, block_size: 0 },
    { inputs: [bytes('int8', [2, 2], [-128, 127, 7, 9]), floats(0.5, 0.1)], since: 21 },
  ),
];
