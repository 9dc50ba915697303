import { describe, expect, it } from 'vitest';
import { wasmRuntime } from '../../tools/host.ts';
import {
  ARCHITECTURES,
  type FeatureArchitecture,
  type NetworkOrigin,
} from '../../tools/making/architectures.ts';
import { cutOnnx, isOnnx } from '../../tools/making/cut.ts';
import { FeatureNetwork } from '../../web/engine/networks/network.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import { float } from '../../web/engine/graph/writer.ts';
import type { Value } from '../../web/engine/graph/graph.ts';
import { castFloat, float32 } from '../../web/engine/graph/tensor.ts';
import { serialize } from '../../web/engine/onnx/serialize.ts';
import { normal, random } from '../../web/engine/random.ts';
import { relativeError } from '../support/numbers.ts';
import { scene } from '../support/scenes.ts';
import { safetensors, tinyVgg } from '../support/weights.ts';

const runtime = wasmRuntime(1);
const gauss = normal(random(8));
const SIZE = 20;

const architecture: FeatureArchitecture = {
  kind: 'features',
  label: 'Tiny',
  style: ['first', 'second'],
  content: ['second'],
  relus: ['first', 'second'],
  ignored: /^$/,
  convention: {},
  build: () => new Map<string, Value>(),
};
const origin = {
  label: 'Tiny',
  licence: 'ours',
  source: 'a test',
  preprocess: { range: 1, mean: [0, 0, 0], std: [1, 1, 1] },
} satisfies Omit<NetworkOrigin, 'variant'>;

/** Conv, normalisation, ReLU, three times over: a classifier's trunk as exporters write it. */
function classifier(b: GraphBuilder, image: Value): Value[] {
  const next = (dims: number[], shift = 0) => {
    const values = Array.from(
      { length: dims.reduce((a, d) => a * d, 1) },
      () => shift + gauss() / 4,
    );
    // As the cut file will hold it.
    return b.initializer(castFloat(castFloat(float32(dims, values), 'float16'), 'float32'));
  };
  const relus: Value[] = [];
  let h = image;
  for (const [i, width] of [4, 5, 6].entries()) {
    const bias = i === 1 ? next([width]) : null;
    const conv = b.conv(h, next([width, h.dims[1]!, 3, 3]), bias, {
      strides: [1 + (i % 2), 1 + (i % 2)],
    });
    const variance = next([width], 2);
    const parts = [next([width], 1), next([width]), next([width]), variance];
    h = b.relu(b.op('BatchNormalization', [conv, ...parts], { epsilon: float(1e-3) }));
    relus.push(h);
  }
  return relus;
}

describe('an ONNX classifier cut down to features', () => {
  it('gives the same activations, with its normalisation folded and without what comes after', async () => {
    const b = new GraphBuilder();
    const relus = classifier(b, b.input('data', [1, 3, SIZE, SIZE]));
    relus.forEach((value, i) => b.output(value, `relu${i}`));
    const graph = b.build();
    const bytes = serialize(graph);
    expect(isOnnx(bytes)).toBe(true);
    const cut = cutOnnx(architecture, bytes, origin);
    expect(cut.length).toBeLessThan(bytes.length);

    const network = FeatureNetwork.parse(cut);
    expect(network.taps).toEqual(['first', 'second']);
    expect(network.description).toMatchObject({ contentLayers: [{ tap: 'second', weight: 1 }] });
    const other = new GraphBuilder();
    const taps = network.tap(other, other.input('x', [1, 3, SIZE, SIZE]), ['first', 'second']);
    for (const [name, value] of taps) other.output(value, `${name}.out`);
    const short = other.build();
    expect(short.nodes.map(({ op }) => op)).not.toContain('BatchNormalization');

    const { data } = scene(SIZE, SIZE, 2);
    const expected = await runtime.evaluate(graph, { data });
    const found = await runtime.evaluate(short, { x: data });
    expect(relativeError(found['first.out']!, expected['relu0']!)).toBeLessThanOrEqual(1e-6);
    expect(relativeError(found['second.out']!, expected['relu1']!)).toBeLessThanOrEqual(1e-6);
  });

  it('refuses a file with too few activations, and knows a file of weights from a network', () => {
    const b = new GraphBuilder();
    b.output(b.relu(b.input('data', [1, 3, 8, 8])), 'y');
    expect(() => cutOnnx(architecture, serialize(b.build()), origin)).toThrow(/has 1 ReLUs/);
    expect(isOnnx(safetensors(tinyVgg()))).toBe(false);
  });

  it('counts the ReLUs of VGG19 to conv5_1 and of ResNet50 to the end of layer3', () => {
    const relus = (name: string) => (ARCHITECTURES[name] as FeatureArchitecture).relus;
    expect([relus('vgg19').length, relus('vgg19').at(-1)]).toEqual([13, 'relu5_1']);
    expect([relus('resnet50').length, relus('resnet50').at(-1)]).toEqual([1 + 3 * 13, 'layer3.5']);
  });
});
