import { constant, operatorCase, positive, type Given } from './case.ts';

const picture: Given = { dims: [1, 2, 7, 6] };
const kernel = { kernel_shape: [3, 3] };
const AUTO = ['NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER'];

const conv = (
  attributes: Record<string, number | string | number[]>,
  weights = constant(3, 2, 3, 3),
) =>
  operatorCase('Conv', attributes, {
    ...picture,
    inputs: ['x', weights, constant(weights.dims[0]!)],
  });

const pool = (
  op: string,
  attributes: Record<string, number | string | number[]>,
  given: Given = {},
) => operatorCase(op, { ...kernel, ...attributes }, { ...picture, values: 'distinct', ...given });

const up = (
  attributes: Record<string, number | string | number[]>,
  weights = constant(2, 3, 3, 3),
) =>
  operatorCase('ConvTranspose', attributes, {
    dims: [1, 2, 4, 3],
    inputs: ['x', weights, constant(weights.dims[1]! * Number(attributes['group'] ?? 1))],
  });

const AVERAGE = { op: 'AveragePool', since: 7 };

export const windowCases = [
  conv({}),
  conv({ ...kernel, pads: [1, 0, 2, 1], strides: [2, 3] }),
  conv({ pads: [2, 2, 2, 2], dilations: [2, 2] }),
  conv({ pads: [1, 2, 2, 1], dilations: [2, 1], strides: [2, 2] }),
  conv({ group: 2, strides: [2, 2] }, constant(4, 1, 3, 3)),
  ...AUTO.flatMap((auto_pad) => [
    conv({ auto_pad, strides: [2, 2] }),
    conv({
      auto_pad,
      ...(auto_pad.startsWith('SAME') ? { dilations: [1, 1] } : { dilations: [2, 2] }),
    }),
  ]),
  operatorCase('Conv', {}, { ...picture, inputs: ['x', constant(3, 2, 2, 2)] }),

  ...['MaxPool', AVERAGE.op].flatMap((op) => [
    pool(op, {}),
    pool(op, { strides: [2, 2], pads: [1, 1, 1, 1] }),
    pool(op, { strides: [2, 2], ceil_mode: 1 }, { since: 10 }),
    pool(op, { strides: [3, 3], pads: [1, 1, 1, 1], ceil_mode: 1 }, { since: 10 }),
    ...AUTO.map((auto_pad) => pool(op, { auto_pad, strides: [2, 2] })),
    pool(op, { strides: [1, 1], dilations: [2, 2] }, { since: op === 'MaxPool' ? 10 : 19 }),
    pool(
      op,
      { strides: [2, 1], dilations: [2, 2], pads: [1, 1, 1, 1] },
      { since: op === 'MaxPool' ? 10 : 19 },
    ),
  ]),
  pool('MaxPool', { strides: [2, 2], storage_order: 1 }, { since: 8 }),
  pool('AveragePool', { strides: [2, 2], pads: [1, 1, 1, 1], count_include_pad: 1 }, { since: 7 }),
  pool(
    'AveragePool',
    { strides: [2, 2], dilations: [2, 2], pads: [1, 1, 1, 1], count_include_pad: 1 },
    { since: 19 },
  ),
  pool('AveragePool', { strides: [2, 2], dilations: [2, 2], ceil_mode: 1 }, { since: 19 }),
  operatorCase('GlobalAveragePool'),
  operatorCase('GlobalMaxPool', {}, { values: 'distinct' }),

  up({}),
  up({ ...kernel, strides: [2, 2], pads: [1, 0, 1, 1], output_padding: [1, 0] }),
  up({ strides: [3, 2], dilations: [2, 2] }),
  up({ strides: [2, 2], group: 2 }, constant(2, 2, 2, 2)),
  up({ strides: [2, 2], output_shape: [8, 6] }),
  ...AUTO.map((auto_pad) => up({ strides: [2, 2], auto_pad })),

  operatorCase(
    'BatchNormalization',
    { epsilon: 0.01, momentum: 0.8 },
    {
      inputs: ['x', constant(4), constant(4), constant(4), positive(4)],
      since: 7,
    },
  ),
  operatorCase(
    'BatchNormalization',
    { spatial: 1, is_test: 1 },
    {
      inputs: ['x', constant(4), constant(4), constant(4), positive(4)],
      until: 6,
      without: 'runtime',
    },
  ),
  operatorCase(
    'BatchNormalization',
    { spatial: 1 },
    {
      inputs: ['x', constant(4), constant(4), constant(4), positive(4)],
      since: 7,
      until: 8,
    },
  ),
  operatorCase(
    'BatchNormalization',
    { training_mode: 0 },
    {
      dims: [2, 4],
      inputs: ['x', constant(4), constant(4), constant(4), positive(4)],
      since: 14,
    },
  ),
  operatorCase(
    'InstanceNormalization',
    { epsilon: 0.01 },
    { inputs: ['x', constant(4), constant(4)] },
  ),
  operatorCase(
    'LayerNormalization',
    { axis: 1, epsilon: 0.01, stash_type: 1 },
    { inputs: ['x', constant(4, 3, 3), constant(4, 3, 3)], since: 17 },
  ),
  operatorCase('LayerNormalization', {}, { inputs: ['x', constant(3)], since: 17 }),
  operatorCase(
    'GroupNormalization',
    { num_groups: 2, epsilon: 0.01 },
    { inputs: ['x', constant(2), constant(2)], since: 18, until: 20 },
  ),
  operatorCase(
    'GroupNormalization',
    { num_groups: 2, stash_type: 1 },
    { inputs: ['x', constant(4), constant(4)], since: 21 },
  ),
  operatorCase(
    'RMSNormalization',
    { axis: 2, epsilon: 0.01, stash_type: 1 },
    { inputs: ['x', constant(3, 3)], since: 23 },
  ),
  operatorCase('MeanVarianceNormalization', { axes: [1, 2] }, { since: 9 }),
  operatorCase('MeanVarianceNormalization', {}, { since: 9, dims: [2, 3, 2, 3] }),
  operatorCase('LpNormalization', { axis: 1, p: 1 }),
  operatorCase('LpNormalization', { axis: -1, p: 2 }),
  ...[1, 3].map((size) => operatorCase('LRN', { size, alpha: 0.5, beta: 0.6, bias: 1.5 })),
  operatorCase('LRN', { size: 5 }, { values: 'wide' }),
];
