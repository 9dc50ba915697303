import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { wasmRuntime } from '../../tools/host.ts';
import { gradient } from '../../web/engine/autodiff/gradient.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import type { TensorData } from '../../web/engine/graph/tensor.ts';
import { FeatureNetwork } from '../../web/engine/networks/network.ts';
import { relativeError } from '../support/numbers.ts';
import { graphModel, type GraphNode } from '../support/onnx.ts';
import { constant, ints } from './operators/case.ts';

const runtime = wasmRuntime(1);

const node = (
  op: string,
  inputs: string,
  output: string,
  attributes: GraphNode['attributes'] = {},
): GraphNode => ({
  op,
  inputs: inputs.split(' ').map((name) => (name === '-' ? '' : name)),
  outputs: output.split(' '),
  attributes,
});

/** A file as an exporter writes it that has seen one picture of this size. */
type Exported = (
  height: number,
  width: number,
) => readonly [GraphNode[], Record<string, TensorData>];

const weights = { w: constant(4, 3, 3, 3), v: constant(4, 4, 3, 3) };
const half = { pads: [1, 1, 1, 1], strides: [2, 2] };
const conv = (...args: [string, string]) =>
  node('Conv', `${args[0]} v`, args[1], { pads: [1, 1, 1, 1] });

const enlarged: Exported = (h, w) => [
  [
    node('Conv', 'x w', 'small', half),
    node('Resize', 'small - - sizes', 'large', { mode: 'linear' }),
    node('Concat', 'x large', 'both', { axis: 1 }),
    node('Relu', 'both', 'y'),
  ],
  { w: weights.w, sizes: ints(1, 4, h, w) },
];

const shuffled: Exported = (h, w) => [
  [
    node('Conv', 'x w', 'small', half),
    node('Reshape', 'small apart', 'groups'),
    node('Transpose', 'groups', 'turned', { perm: [0, 2, 1, 3, 4] }),
    node('Reshape', 'turned together', 'mixed'),
    conv('mixed', 'y'),
  ],
  { ...weights, apart: ints(-1, 2, 2, h / 2, w / 2), together: ints(-1, 4, h / 2, w / 2) },
];

const focused: Exported = (h, w) => [
  [
    node('Slice', 'x zero ends axes two', 'even'),
    node('Slice', 'x one ends axes two', 'odd'),
    node('Concat', 'even odd', 'y', { axis: 1 }),
  ],
  { zero: ints(0, 0), one: ints(1, 1), ends: ints(h, w), axes: ints(2, 3), two: ints(2, 2) },
];

const cropped: Exported = (h, w) => [
  [node('Slice', 'x starts ends axes', 'y')],
  { starts: ints(2, 2), ends: ints(h - 2, w - 2), axes: ints(2, 3) },
];

const placed: Exported = (h, w) => [[node('Add', 'x place', 'y')], { place: constant(1, 3, h, w) }];

const flattened: Exported = (h, w) => [
  [node('Reshape', 'x shape', 'flat'), node('Unsqueeze', 'flat first', 'y')],
  { shape: ints(-1, 3, h * w), first: ints(0) },
];

const file = (exported: Exported, dims: [number, number], open = false) => {
  const [nodes, constants] = exported(...dims);
  const declared = open ? ['height', 'width'] : dims;
  return graphModel({ opset: 18, dims: [1, 3, ...declared], nodes, constants, outputs: ['y'] });
};

function tapped(model: Uint8Array, dims: [number, number]) {
  const b = new GraphBuilder();
  const x = b.input('x', [1, 3, ...dims]);
  return { b, x, y: FeatureNetwork.parse(model).tap(b, x, ['y']).get('y')! };
}

describe('a file that was exported for one size of picture', () => {
  it.each<[string, Exported]>([
    ['enlarges to sizes in pixels', enlarged],
    ['regroups channels by shapes in pixels', shuffled],
    ['slices to the end in pixels', focused],
  ])('%s: at another size it is the file that would have been exported for that', async (_, of) => {
    const dims: [number, number] = [12, 20];
    const { b, x, y } = tapped(file(of, [8, 8]), dims);
    b.output(y, 'out');
    b.output(gradient(b, b.sum(b.square(y)), [x])[0]!, 'slope');
    const picture = Float32Array.from({ length: 3 * 12 * 20 }, (_, i) => ((i * 37) % 101) / 101);
    const { out: found, slope } = await runtime.evaluate(b.build(), { x: picture });
    const there = await ort.InferenceSession.create(file(of, dims));
    const expected = await there.run({ x: new ort.Tensor('float32', picture, [1, 3, ...dims]) });
    expect(y.dims).toEqual(expected['y']!.dims);
    expect(relativeError(found!, expected['y']!.data as Float32Array)).toBeLessThanOrEqual(1e-5);
    expect(slope!.some((value) => value !== 0)).toBe(true);
  });

  it.each<[string, Exported, RegExp]>([
    ['a part cut out by pixels', cropped, /Slice \(node "y"\) with a place 2 pixels/],
    ['something for each place', placed, /pictures of 8 x 8 pixels only: Add node "y"/],
    ['positions in one row', flattened, /Reshape \(node "flat"\) with a shape of -1 x 3 x 64/],
  ])('is refused by the node that needs that size: %s', (_, of, why) => {
    expect(() => tapped(file(of, [8, 8]), [16, 16])).toThrow(
      expect.objectContaining({
        kind: 'unsupported-operator',
        message: expect.stringMatching(why) as unknown,
      }) as Error,
    );
    expect(tapped(file(of, [8, 8]), [8, 8]).y.dims[0]).toBe(1);
  });

  it('may say nothing of that size: then what it would be elsewhere cannot be told', () => {
    expect(() => tapped(file(enlarged, [8, 8], true), [16, 16])).toThrow(
      /Resize \(node "large"\) with a size of 8 pixels, whatever the picture's/,
    );
  });
});

it('a network whose layers meet only at even sides sees the border repeated', async () => {
  const halves: Exported = () => [
    [
      node('AveragePool', 'x', 'small', { kernel_shape: [4, 4], strides: [4, 4] }),
      node('Resize', 'small - scales', 'large', { mode: 'nearest' }),
      node('Add', 'x large', 'y'),
    ],
    { scales: { ...constant(4), bytes: new Uint8Array(Float32Array.of(1, 1, 4, 4).buffer) } },
  ];
  const { b, y } = tapped(file(halves, [8, 8], true), [17, 22]);
  expect(y.dims).toEqual([1, 3, 20, 24]);
  b.output(y, 'out');
  const picture = Float32Array.from({ length: 3 * 17 * 22 }, (_, i) => i / 1200);
  const { out: found } = await runtime.evaluate(b.build(), { x: picture });
  const at = (c: number, row: number, column: number) =>
    picture[(c * 17 + Math.min(row, 16)) * 22 + Math.min(column, 21)]!;
  let mean = 0;
  for (let i = 0; i < 16; i++) mean += at(2, 16 + (i >> 2), 20 + (i & 3)) / 16;
  expect(found!.at(-1)).toBeCloseTo(at(2, 19, 23) + mean, 5);
});
