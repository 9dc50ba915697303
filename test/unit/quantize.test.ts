import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { wasmRuntime } from '../../tools/host.ts';
import { ARCHITECTURES, networkFile } from '../../tools/making/architectures.ts';
import { TORCHVISION } from '../../web/engine/networks/convention.ts';
import { FeatureNetwork } from '../../web/engine/networks/network.ts';
import { quantize, type Storage } from '../../web/engine/networks/quantize.ts';
import { WeightMap } from '../../web/engine/networks/weights.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import type { Value } from '../../web/engine/graph/graph.ts';
import { OnnxModel } from '../../web/engine/onnx/model.ts';
import { serialize } from '../../web/engine/onnx/serialize.ts';
import { float32, toFloat32, toNumbers, type TensorData } from '../../web/engine/graph/tensor.ts';
import { normal, random } from '../../web/engine/random.ts';
import { relativeError } from '../support/numbers.ts';
import { scene } from '../support/scenes.ts';
import { safetensors, tinyResNet, tinyVgg } from '../support/weights.ts';

const runtime = wasmRuntime(1);
const gauss = normal(random(5));

describe('quantize()', () => {
  it('is at most half a level off, each channel with its own levels', () => {
    const weights = Array.from({ length: 4 * 18 }, (_, i) => gauss() * 10 ** Math.floor(i / 18));
    weights.fill(0, 0, 18);
    const { values, scale } = quantize(float32([4, 2, 3, 3], weights));
    const [levels, scales] = [toNumbers(values), toFloat32(scale)];
    expect(Math.max(...levels.map(Math.abs))).toBe(127);
    weights.forEach((weight, i) => {
      const step = scales[Math.floor(i / 18)]!;
      expect(Math.abs(levels[i]! * step - weight)).toBeLessThanOrEqual(0.5001 * step);
    });
  });
});

const tiny = { vgg19: tinyVgg, resnet50: tinyResNet } as const;
const file = (name: keyof typeof tiny, storage: Storage) =>
  networkFile(ARCHITECTURES[name]!, WeightMap.fromSafetensors(safetensors(tiny[name]())), {
    label: 'Tiny',
    licence: 'ours',
    source: 'a test',
    preprocess: TORCHVISION,
    variant: 'v1.5',
    storage,
  });

const SIZE = 64;
const image = scene(SIZE, SIZE, 4).data;

async function deepest(bytes: Uint8Array) {
  const network = FeatureNetwork.parse(bytes);
  const b = new GraphBuilder();
  const tap = network.taps.at(-1)!;
  const value = network.tap(b, b.input('x', [1, 3, SIZE, SIZE]), [tap]).get(tap)!;
  b.output(value, 'y');
  const graph = b.build();
  return { tap, graph, values: (await runtime.evaluate(graph, { x: image }))['y']! };
}

describe.each(['vgg19', 'resnet50'] as const)('%s stored in 8 bits', (name) => {
  it('has the features of 16 bits, nearly', async () => {
    const [half, eight] = [await deepest(file(name, 'float16')), await deepest(file(name, 'int8'))];
    expect(relativeError(eight.values, [...half.values])).toBeLessThan(0.05);
    expect(eight.values).not.toEqual(half.values);
    // Kernels were widened while the file was read: no trace of them is left to compute.
    expect(eight.graph.nodes.length).toBe(half.graph.nodes.length);
  });

  it('is ONNX as others read it', async () => {
    const bytes = file(name, 'int8');
    const session = await ort.InferenceSession.create(bytes);
    const found = await session.run({
      image: new ort.Tensor('float32', image, [1, 3, SIZE, SIZE]),
    });
    const { tap, values } = await deepest(bytes);
    expect(relativeError(found[tap]!.data as Float32Array, [...values])).toBeLessThan(1e-5);
    await session.release();
  });
});

describe('files of others', () => {
  const constant = (name: string, data: TensorData): Value => ({
    name,
    dtype: data.dtype,
    dims: data.dims,
    producer: null,
    data,
  });

  it('may hold weights by tensor and with a zero point', () => {
    const x: TensorData = { dtype: 'uint8', dims: [2, 2], bytes: Uint8Array.of(0, 10, 20, 255) };
    const zero: TensorData = { dtype: 'uint8', dims: [], bytes: Uint8Array.of(10) };
    const inputs = [
      constant('q', x),
      constant('scale', float32([], [0.5])),
      constant('zero', zero),
    ];
    const b = new GraphBuilder();
    const image = b.input('image', [2, 2]);
    const sum = b.add(image, b.initializer(float32([2, 2], [0, 0, 0, 0]), 'w'));
    b.output(sum, 'y');
    const plain = b.build();
    const widened = { ...plain.nodes[0]!.inputs[1]!, data: null };
    const node = { name: 'dq', op: 'DequantizeLinear', inputs, outputs: [widened], attributes: {} };
    const bytes = serialize({ ...plain, nodes: [node, ...plain.nodes], initializers: inputs });
    const out = new GraphBuilder();
    const values = OnnxModel.parse(bytes).instantiate(out, out.input('x', [2, 2]), ['w']);
    expect(toNumbers(values.get('w')!.data!)).toEqual([-5, 0, 5, 122.5]);
  });
});
