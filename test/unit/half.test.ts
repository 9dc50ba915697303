import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Mask } from '../../shared/mask.ts';
import { makeSettings, PRESET_NAMES, type StyleSettings } from '../../shared/settings.ts';
import { wasmRuntime } from '../../tools/host.ts';
import { openNetwork } from '../../tools/library.ts';
import { MODELS_DIR } from '../../tools/cli.ts';
import type { FeatureNetwork } from '../../web/engine/networks/network.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import type { Graph } from '../../web/engine/graph/graph.ts';
import { choosePrecision } from '../../web/engine/pipeline/half.ts';
import { chooseLayers } from '../../web/engine/pipeline/layers.ts';
import { makeObjective } from '../../web/engine/pipeline/objective.ts';
import { Masking } from '../../web/engine/pipeline/regions/masking.ts';
import { measureTargets } from '../../web/engine/pipeline/targets.ts';
import { planMemory } from '../../web/engine/runtime/memory.ts';
import { importNetwork } from '../support/oracle.ts';
import { cosine, relativeError } from '../support/numbers.ts';
import { scene } from '../support/scenes.ts';

// WebAssembly widens 16 bit operators to 32 bits and rounds their results, so graphs of mixed precision run here too.
const runtime = wasmRuntime(1);
const SIZE = 32;
const LARGE = 256;
const small = importNetwork(
  'vgg19',
  fileURLToPath(new URL('../fixtures/presets/network.safetensors', import.meta.url)),
);

/** Losses and gradient of one image, and the graph that computed them. */
async function evaluate(
  network: FeatureNetwork,
  settings: StyleSettings,
  half: boolean,
  mask?: Mask,
) {
  const layers = chooseLayers(network, settings);
  const [content, style, image] = [1, 2, 3].map((seed) => scene(SIZE, SIZE, seed));
  const styles = [{ planes: style!, weight: 1 }];
  const targets = await measureTargets(runtime, network, layers, settings, content!, styles, half);
  const masking = new Masking(mask, network, layers);
  const scope = masking.scopeAt(image!, content!, settings.pixelRange);
  const b = new GraphBuilder();
  const x = b.input('x', [1, 3, SIZE, SIZE]);
  const objective = makeObjective(network, layers, targets, settings, half, scope)(b, x);
  b.output(objective.parts, 'parts');
  b.output(objective.gradient, 'gradient');
  // The deepest convolution's own values.
  const rectified = b.nodes.flatMap(({ op, outputs }) => (op === 'Relu' ? outputs : []));
  const deepest = rectified.filter(({ dims }) => dims.length === 4).at(-1)!;
  b.output(b.cast(deepest, 'float32'), 'deepest');
  const graph: Graph = b.build();
  const x0 = image!.data.map((value) => value * settings.pixelRange);
  const { parts, gradient, deepest: values } = await runtime.evaluate(graph, { x: x0 });
  return { graph, parts: parts!, gradient: gradient!, largest: Math.max(...values!) };
}

async function compare(network: FeatureNetwork, settings: StyleSettings, mask?: Mask) {
  const [full, half] = [
    await evaluate(network, settings, false, mask),
    await evaluate(network, settings, true, mask),
  ];
  return {
    parts: relativeError(half.parts, full.parts),
    gradient: relativeError(half.gradient, full.gradient),
    angle: 1 - cosine(half.gradient, full.gradient),
  };
}

/** 1 − cos. Where two inputs of a max-pool are alike to 16 bits, the first of them gets the gradient: a pixel aside. */
const SWAPS = 0.01;

describe('the network in 16 bits', () => {
  it.each(PRESET_NAMES)("has the preset %s's losses and gradient", async (preset) => {
    const errors = await compare(small, makeSettings(preset, { size: SIZE }));
    expect(errors.parts).toBeLessThan(2e-3);
    expect(errors.angle).toBeLessThan(SWAPS);
  });

  it('has the losses and gradient of a region, too', async () => {
    const labels = Uint8Array.from({ length: SIZE * SIZE }, (_, i) => Number(i % SIZE < 20));
    const mask = { width: SIZE, height: SIZE, labels };
    const errors = await compare(small, makeSettings('default', { size: SIZE }), mask);
    expect(errors.parts).toBeLessThan(2e-3);
    expect(errors.angle).toBeLessThan(SWAPS);
  });

  it.each([1e-12, 1e12])('whatever the losses weigh: %d', async (weight) => {
    const changes = { size: SIZE, contentWeight: weight, styleWeight: 15 * weight, tvWeight: 0 };
    expect((await compare(small, makeSettings('default', changes))).angle).toBeLessThan(SWAPS);
  });

  it('is as exact as 16 bits are where pooling averages', async () => {
    const settings = makeSettings('default', { size: SIZE, pooling: 'average' });
    expect((await compare(small, settings)).gradient).toBeLessThan(5e-3);
  });

  it('keeps activations of a network that takes bytes far from the end of 16 bits', async () => {
    const settings = makeSettings('default', {
      size: SIZE,
      pooling: 'average',
      preprocess: { range: 255, mean: [124, 117, 104], std: [1, 1, 1] },
    });
    const [full, half] = [
      await evaluate(small, settings, false),
      await evaluate(small, settings, true),
    ];
    expect(small.halfUnit(settings.preprocess)).toBe(32);
    expect(small.halfUnit(null)).toBe(1);
    expect(relativeError(half.gradient, full.gradient)).toBeLessThan(0.03);
    expect(half.largest).toBeLessThan(full.largest / 16);
  });

  it.each(['lite-vgg', 'lite-resnet'])('is close in %s', async (model) => {
    const network = await openNetwork(MODELS_DIR, model);
    const errors = await compare(network, makeSettings('default', { size: SIZE }));
    expect(errors.parts).toBeLessThan(2e-3);
    expect(errors.angle).toBeLessThan(SWAPS);
  });

  it('convolves in 16 bits, and does all else that sums in 32', async () => {
    const { graph } = await evaluate(small, makeSettings('gram', { size: SIZE }), true);
    const types = (op: string) => [
      ...new Set(
        graph.nodes.filter((node) => node.op === op).map(({ outputs }) => outputs[0]!.dtype),
      ),
    ];
    expect(types('Conv')).toEqual(['float16']);
    for (const op of ['MatMul', 'ReduceSum']) expect(types(op)).toEqual(['float32']);
    expect(new Set(graph.outputs.map(({ dtype }) => dtype))).toEqual(new Set(['float32']));
  });

  it('is planned with activations of half the size', async () => {
    const network = await openNetwork(MODELS_DIR, 'lite-vgg');
    const settings = makeSettings('gram', { size: SIZE });
    const [full, half] = [
      planMemory((await evaluate(network, settings, false)).graph),
      planMemory((await evaluate(network, settings, true)).graph),
    ];
    expect(half.peakBytes).toBeLessThan(0.81 * full.peakBytes);
  });

  // At a size where activations, not weights, fill the memory. They are half as large, but losses keep theirs in 32 bits.
  it('is planned with almost a fifth less memory at a size where activations count', async () => {
    const network = await openNetwork(MODELS_DIR, 'lite-vgg');
    const settings = makeSettings('gram', { size: SIZE });
    const layers = { ...chooseLayers(network, settings), content: [] };
    const [content, style] = [1, 2].map((seed) => scene(SIZE, SIZE, seed));
    const styles = [{ planes: style!, weight: 1 }];
    const targets = await measureTargets(runtime, network, layers, settings, content!, styles);
    const peak = (half: boolean) => {
      const b = new GraphBuilder();
      const x = b.input('x', [1, 3, LARGE, LARGE]);
      b.output(makeObjective(network, layers, targets, settings, half)(b, x).gradient, 'gradient');
      return planMemory(b.build()).peakBytes;
    };
    expect(peak(true) / peak(false)).toBeLessThan(0.82);
  });
});

describe('choosing the precision', () => {
  const gpu = { backend: 'webgpu', halfPrecision: true } as const;
  const plain = { backend: 'webgpu', halfPrecision: false } as const;

  it('takes 16 bits where there are any, unless told otherwise', () => {
    expect(choosePrecision(gpu, 'auto')).toEqual({ half: true, notes: [] });
    expect(choosePrecision(gpu, 'fp16')).toEqual({ half: true, notes: [] });
    expect(choosePrecision(gpu, 'fp32')).toEqual({ half: false, notes: [] });
    expect(choosePrecision(plain, 'auto')).toEqual({ half: false, notes: [] });
    expect(choosePrecision(runtime, 'auto')).toEqual({ half: false, notes: [] });
  });

  it('refuses them where a GPU has none, and says so where WebAssembly has none', () => {
    expect(() => choosePrecision(plain, 'fp16')).toThrow(/16 bit floats/);
    const { half, notes } = choosePrecision(runtime, 'fp16');
    expect([half, notes]).toEqual([false, [expect.stringMatching(/WebAssembly/)]]);
  });
});
