import { bytes, constant, ints, operatorCase, positive, scalar, type Given } from './case.ts';

const unary = (op: string, given: Given = {}) => operatorCase(op, {}, given);

/** The picture on the left, on the right, and on both sides of a constant. */
const binary = (op: string, given: Given = {}) => [
  operatorCase(op, {}, { inputs: ['x', positive(4, 1, 3)], ...given }),
  operatorCase(op, {}, { inputs: [positive(3), 'x'], since: 7, ...given }),
];

const legacy = (op: string) => [
  operatorCase(
    op,
    { broadcast: 1, axis: 1 },
    { inputs: ['x', positive(4)], until: 6, values: 'positive', without: 'runtime' },
  ),
];

const forward: Given = { without: 'gradient' };

export const elementwiseCases = [
  ...['Add', 'Sub', 'Mul', 'Div', 'Pow'].flatMap((op) => [
    ...binary(op, { values: 'positive', since: 7 }),
    ...legacy(op),
  ]),
  operatorCase('Pow', {}, { inputs: ['x', ints(2)], since: 12 }),
  ...['Max', 'Min'].flatMap((op) => [
    operatorCase(op, {}, { inputs: ['x', constant(1, 4, 3, 3)] }),
    operatorCase(op, {}, { inputs: ['x', constant(4, 1, 1), scalar(0.2)], since: 8 }),
    operatorCase(op, {}, { inputs: ['x'] }),
  ]),
  ...['Sum', 'Mean'].flatMap((op) => [
    operatorCase(op, {}, { inputs: ['x', constant(1, 4, 3, 3), 'x'] }),
    operatorCase(op, {}, { inputs: [constant(4, 1, 1), 'x'], since: 8 }),
    operatorCase(op, {}, { inputs: ['x'] }),
  ]),
  operatorCase(
    'Where',
    {},
    { inputs: [bytes('bool', [3], [1, 0, 1]), 'x', constant(4, 1, 1)], since: 9 },
  ),
  operatorCase('Where', {}, { inputs: [bytes('bool', [3], [1, 0, 1]), scalar(2), 'x'], since: 9 }),
  ...['Identity', 'Neg', 'Abs', 'Exp', 'Sigmoid', 'Tanh', 'Relu', 'Sin', 'Cos', 'Erf'].map((op) =>
    unary(op, op === 'Erf' ? { since: 9 } : {}),
  ),
  ...['Sqrt', 'Log', 'Reciprocal'].map((op) => unary(op, { values: 'positive' })),
  unary('Sign', { since: 9, ...forward }),
  unary('Floor', forward),
  unary('Softplus'),
  unary('Softplus', { values: 'wide' }),
  unary('Softsign'),
  unary('Mish', { since: 18 }),
  unary('HardSwish', { since: 14 }),
  operatorCase('LeakyRelu', { alpha: 0.3 }),
  unary('LeakyRelu'),
  operatorCase('Elu', { alpha: 0.7 }),
  operatorCase('Elu', {}, { values: 'wide' }),
  operatorCase('Celu', { alpha: 0.7 }, { since: 12 }),
  operatorCase('Selu', { alpha: 1.2, gamma: 0.8 }),
  unary('Selu'),
  operatorCase('HardSigmoid', { alpha: 0.4, beta: 0.3 }),
  unary('HardSigmoid'),
  operatorCase('ThresholdedRelu', { alpha: 0.25 }, { since: 10 }),
  operatorCase('Gelu', { approximate: 'none' }, { since: 20 }),
  operatorCase('Gelu', { approximate: 'tanh' }, { since: 20 }),
  operatorCase('PRelu', {}, { inputs: ['x', constant(4, 1, 1)], since: 7 }),
  operatorCase('PRelu', {}, { inputs: ['x', constant(4)], until: 6, without: 'runtime' }),
  operatorCase('Clip', { min: -0.55, max: 0.75 }, { values: 'distinct', until: 10 }),
  operatorCase('Clip', { max: 0.75 }, { values: 'distinct', until: 10 }),
  operatorCase(
    'Clip',
    {},
    { inputs: ['x', scalar(-0.55), scalar(0.75)], values: 'distinct', since: 11 },
  ),
  operatorCase('Clip', {}, { inputs: ['x', null, scalar(0.75)], values: 'distinct', since: 11 }),
  operatorCase('Cast', { to: 1 }),
  // The runtime wants no word about 8 bit floats where there are none.
  operatorCase('Cast', { to: 1, saturate: 0 }, { since: 19, without: 'runtime' }),
  operatorCase('Cast', { to: 11 }, { without: 'runtime' }),
  operatorCase('Dropout', { ratio: 0.3 }, { since: 7, until: 11 }),
  operatorCase('Dropout', { ratio: 0.3, is_test: 1 }, { until: 6, without: 'runtime' }),
  operatorCase('Dropout', { seed: 3 }, { inputs: ['x', scalar(0.4)], since: 12 }),
  operatorCase('Dropout', {}, { inputs: ['x', scalar(0.4), bytes('bool', [], [0])], since: 12 }),
];
