import { fromBinary, toBinary } from '@bufbuild/protobuf';
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { makeSettings, type Preprocess } from '../../shared/settings.ts';
import { wasmRuntime } from '../../tools/host.ts';
import { gradient } from '../../web/engine/autodiff/gradient.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import { bytesOf, float32, toFloat32, type TensorData } from '../../web/engine/graph/tensor.ts';
import { FeatureNetwork, PICTURE } from '../../web/engine/networks/network.ts';
import { suggestLayers } from '../../web/engine/networks/suggest.ts';
import { externalFiles, withExternal } from '../../web/engine/onnx/external.ts';
import { ModelProtoSchema } from '../../web/engine/onnx/onnx_pb.ts';
import { chooseLayers } from '../../web/engine/pipeline/layers.ts';
import { relativeError } from '../support/numbers.ts';
import { graphModel, type GraphFile, type GraphNode } from '../support/onnx.ts';
import { bytes, constant, floats, ints, scalar } from './operators/case.ts';

const runtime = wasmRuntime(1);
const SIDE = 8;
const DIMS = [1, 3, SIDE, SIDE];
const picture = Float32Array.from({ length: 3 * SIDE * SIDE }, (_, i) => ((i * 37) % 101) / 101);

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

const file = (
  nodes: readonly GraphNode[],
  constants: Record<string, TensorData> = {},
  more: Partial<GraphFile> = {},
): GraphFile => ({
  opset: 18,
  dims: DIMS,
  nodes,
  constants,
  outputs: ['y'],
  ...more,
});

async function ours(model: Uint8Array, x = picture, preprocess: Preprocess | null = null) {
  const network = FeatureNetwork.parse(model);
  const b = new GraphBuilder();
  const image = b.input('x', DIMS);
  const y = network.tap(b, image, ['y'], { preprocess }).get('y')!;
  b.output(gradient(b, b.sum(b.square(y)), [image])[0]!, 'slope');
  b.output(y, 'out');
  return { found: await runtime.evaluate(b.build(), { x }), ops: b.nodes.map(({ op }) => op) };
}

async function asWritten(
  model: Uint8Array,
  x = picture,
  dims: readonly number[] = DIMS,
): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(model);
  const found = await session.run({ x: new ort.Tensor('float32', x, dims) });
  return found['y']!.data as Float32Array;
}

async function agrees(written: GraphFile): Promise<string[]> {
  const model = graphModel(written);
  const { found, ops } = await ours(model);
  expect(relativeError(found['out']!, await asWritten(model))).toBeLessThanOrEqual(1e-5);
  return ops;
}

const float64 = (tensor: TensorData): TensorData => ({
  dtype: 'float64',
  dims: tensor.dims,
  bytes: bytesOf(Float64Array.from(toFloat32(tensor))),
});

describe('files of other programs', () => {
  it('may compute their kernels from weights, by Transpose and Reshape', async () => {
    const ops = await agrees(
      file(
        [
          node('Transpose', 'w', 'hwio', { perm: [3, 2, 0, 1] }),
          node('Reshape', 'flat shape', 'one'),
          node('Conv', 'x hwio', 'first', { pads: [1, 1, 1, 1] }),
          node('Conv', 'first one', 'y'),
        ],
        { w: constant(3, 3, 3, 4), flat: constant(8), shape: ints(2, 4, 1, 1) },
      ),
    );
    expect(ops).not.toContain('Transpose');
  });

  it('may resize by float shape arithmetic, and fill constants with floats', async () => {
    await agrees(
      file(
        [
          node('Shape', 'x', 'shape'),
          node('Cast', 'shape', 'wide', { to: 1 }),
          node('Mul', 'wide factors', 'larger'),
          node('Floor', 'larger', 'whole'),
          node('Cast', 'whole', 'sizes', { to: 7 }),
          node('Resize', 'x - - sizes', 'up', { mode: 'linear' }),
          node('ConstantOfShape', 'one', 'half', { value: float32([1], [0.5]) }),
          node('Mul', 'up half', 'y'),
        ],
        { factors: floats(1, 1, 1.5, 1.25), one: ints(1) },
      ),
    );
  });

  it('may have weights in double precision', async () => {
    const weights = constant(4, 3, 1, 1);
    const model = (w: TensorData) => graphModel(file([node('Conv', 'x w', 'y')], { w }));
    const { found } = await ours(model(float64(weights)));
    expect(relativeError(found['out']!, await asWritten(model(weights)))).toBeLessThanOrEqual(1e-6);
  });

  it('may call functions of their own, with attributes, one from another', async () => {
    const functions = [
      {
        name: 'Bend',
        domain: 'own',
        inputs: ['a'],
        outputs: ['b'],
        attributes: ['slope'],
        nodes: [
          { ...node('LeakyRelu', 'a', 'inner'), references: { alpha: 'slope' } },
          node('Neg', 'inner', 'b'),
        ],
      },
      {
        name: 'Twice',
        domain: 'own',
        inputs: ['a'],
        outputs: ['b'],
        attributes: [],
        nodes: [
          { ...node('Bend', 'a', 'inner', { slope: 0.25 }), domain: 'own' },
          { ...node('Bend', 'inner', 'b', { slope: 0.75 }), domain: 'own' },
        ],
      },
    ];
    const nodes = [
      node('Sub', 'x half', 'low'),
      { ...node('Twice', 'low', 'z'), domain: 'own' },
      { ...node('Twice', 'z', 'y'), domain: 'own' },
    ];
    await agrees(file(nodes, { half: scalar(0.5) }, { functions }));
  });

  it('may take [1, H, W, 3], or say nothing of their input', async () => {
    const nodes = [
      node('Transpose', 'x', 'planes', { perm: [0, 3, 1, 2] }),
      node('Conv', 'planes w', 'y'),
    ];
    const constants = { w: constant(4, 3, 3, 3) };
    const last = graphModel(file(nodes, constants, { dims: [1, 'h', 'w', 3] }));
    const { found, ops } = await ours(last);
    expect(ops.filter((op) => op === 'Transpose')).toHaveLength(1);
    const pixels = picture.map((_, i) => picture[(i % 3) * SIDE * SIDE + Math.floor(i / 3)]!);
    const expected = await asWritten(last, pixels, [1, SIDE, SIDE, 3]);
    expect(relativeError(found['out']!, expected)).toBeLessThanOrEqual(1e-5);
    await agrees(
      file(
        nodes.slice(1).map((one) => ({ ...one, inputs: ['x', 'w'] })),
        constants,
        { dims: null },
      ),
    );
  });

  it('may quantise their activations: cut to the range, not rounded, and differentiated as that', async () => {
    const model = graphModel(
      file(
        [
          node('QuantizeLinear', 'x scale zero', 'q'),
          node('DequantizeLinear', 'q scale zero', 'seen'),
          node('DequantizeLinear', 'w ws', 'kernel', { axis: 0 }),
          node('Conv', 'seen kernel', 'y'),
        ],
        {
          scale: scalar(0.003),
          zero: bytes('uint8', [], [10]),
          w: bytes('int8', [2, 3, 1, 1], [100, -50, 7, 90, 3, -128]),
          ws: floats(0.01, 0.02),
        },
      ),
    );
    const { found } = await ours(model);
    const expected = await asWritten(model);
    expect(relativeError(found['out']!, expected)).toBeLessThanOrEqual(5e-3);
    // What lies beyond (255 − 10) · 0.003 = 0.735 is cut, and has no gradient.
    picture.forEach((value, i) => expect(found['slope']![i] === 0, `${value}`).toBe(value > 0.735));
  });

  it('may keep their weights in a file beside them, but nowhere else', async () => {
    const written = graphModel(file([node('Conv', 'x w', 'y')], { w: constant(4, 3, 1, 1) }));
    const apart = (location: string) => {
      const proto = fromBinary(ModelProtoSchema, written);
      const [tensor] = proto.graph!.initializer;
      const data = tensor!.rawData;
      const entries = { location, offset: '16', length: `${data.length}` };
      tensor!.externalData = Object.entries(entries).map(([key, value]) => ({
        $typeName: 'onnx.StringStringEntryProto' as const,
        key,
        value,
      }));
      tensor!.rawData = new Uint8Array();
      tensor!.dataLocation = 1;
      return { model: toBinary(ModelProtoSchema, proto), data };
    };
    const { model, data } = apart('weights/net.bin');
    expect(externalFiles(model)).toEqual(['weights/net.bin']);
    const beside = new Uint8Array(16 + data.length);
    beside.set(data, 16);
    const whole = withExternal(model, new Map([['weights/net.bin', beside]]));
    const { found } = await ours(whole);
    expect(relativeError(found['out']!, await asWritten(written))).toBeLessThanOrEqual(1e-6);
    expect(() => withExternal(model, new Map())).toThrow(/net\.bin.*not there/);
    const short = new Map([['weights/net.bin', beside.subarray(0, 20)]]);
    expect(() => withExternal(model, short)).toThrow(/cut short/);
    for (const place of ['../secret', '/etc/secret', 'a/../../b', 'C:\\secret', '']) {
      expect(() => externalFiles(apart(place).model), place).toThrow(/not beside/);
    }
  });

  it('see pictures as they are told to', async () => {
    const model = graphModel(file([node('Identity', 'x', 'y')]));
    const std = [2, 4, 5] as [number, number, number];
    const { found } = await ours(model, picture, {
      range: 255,
      mean: [1, 2, 3],
      std,
      order: 'bgr',
    });
    const plane = SIDE * SIDE;
    const at = (c: number) => (255 * picture[c * plane]! - (c + 1)) / std[c]!;
    expect(found['out']![0]).toBeCloseTo(at(2), 3);
    expect(found['out']![plane]).toBeCloseTo(at(1), 3);
    expect(found['out']![2 * plane]).toBeCloseTo(at(0), 3);
  });
});

describe('layers of a file that names none', () => {
  const side = 32;
  const deep = (levels: number) => {
    const nodes: GraphNode[] = [];
    const constants: Record<string, TensorData> = {};
    for (let i = 0; i < levels; i++) {
      constants[`w${i}`] = constant(4, i === 0 ? 3 : 4, 3, 3);
      constants[`v${i}`] = constant(4, 4, 3, 3);
      nodes.push(
        node('Conv', `${i === 0 ? 'x' : `p${i}`} w${i}`, `c${i}:0`, { pads: [1, 1, 1, 1] }),
        node('Relu', `c${i}:0`, `r${i}:0`),
        node('Conv', `r${i}:0 v${i}`, `d${i}`, { pads: [1, 1, 1, 1] }),
        node('Relu', `d${i}`, `s${i}`),
        node('MaxPool', `s${i}`, `p${i + 1}`, { kernel_shape: [2, 2], strides: [2, 2] }),
      );
    }
    nodes.push(node('GlobalAveragePool', `p${levels}`, 'pooled'), node('Flatten', 'pooled', 'y'));
    return FeatureNetwork.parse(graphModel(file(nodes, constants, { dims: [1, 3, 'h', 'w'] })));
  };

  it('are suggested by depth: the first activation of each resolution, and the second of the fourth', () => {
    const { style, content, layers } = suggestLayers(deep(5));
    expect(style.map(({ tap }) => tap)).toEqual(['r0:0', 'r1:0', 'r2:0', 'r3:0', 'r4:0']);
    expect(content.map(({ tap }) => tap)).toEqual(['s3']);
    expect(layers.map(({ tap }) => tap)).not.toContain('y');
    expect(layers.find(({ tap }) => tap === 's2')).toEqual({
      tap: 's2',
      channels: 4,
      share: 1 / 4,
    });
  });

  it('stand in for those that are not given, with a word: no loss is left out in silence', () => {
    const settings = makeSettings('default', { contentLayers: [{ tap: 's0', weight: 1 }] });
    const chosen = chooseLayers(deep(2), settings);
    expect(chosen.style.map(({ tap }) => tap)).toEqual([PICTURE, 'r0:0', 'r1:0']);
    expect(chosen.content.map(({ tap }) => tap)).toEqual(['s0']);
    expect(chosen.notes.join('\n')).toMatch(/style from r0:0, r1:0[^]*RGB 0\.\.1/);
  });

  it('are refused where they are no picture, and names with a colon are told to be quoted', () => {
    const network = deep(2);
    const tap = (name: string) => {
      const b = new GraphBuilder();
      return network.tap(b, b.input('x', [1, 3, side, side]), [name]);
    };
    expect(() => tap('y')).toThrow(/"y" is \[1, 4\], and no \[1, C, H, W\]/);
    expect(() => tap('c0')).toThrow(
      expect.objectContaining({ advice: expect.stringContaining('"c0:0"') as unknown }) as Error,
    );
  });

  it('leave out what cannot be read, which is refused by name only when it is asked for', () => {
    const nodes = [
      node('Relu', 'x', 'a'),
      node('NonZero', 'a', 'b'),
      { ...node('Relu', 'a', 'y'), domain: 'com.example' },
    ];
    const network = FeatureNetwork.parse(graphModel(file(nodes)));
    expect(network.survey(16).map(({ name }) => name)).toEqual(['a']);
    const b = new GraphBuilder();
    expect(() => network.tap(b, b.input('x', DIMS), ['y'])).toThrow(/com\.example\.Relu/);
  });
});
