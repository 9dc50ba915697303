import { describe, expect, it } from 'vitest';
import { wasmRuntime } from '../../tools/host.ts';
import { makeSettings, PRESETS } from '../../shared/settings.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import { chooseLayers } from '../../web/engine/pipeline/layers.ts';
import { makeObjective } from '../../web/engine/pipeline/objective.ts';
import { measureTargets } from '../../web/engine/pipeline/targets.ts';
import { dataFile, importNetwork, missing, reference } from '../support/oracle.ts';
import { cosine, relativeError } from '../support/numbers.ts';
import { scene } from '../support/scenes.ts';

const runtime = wasmRuntime();
const SIZE = 96;

const NETWORKS = [
  {
    name: 'vgg19',
    weights: 'weights/vgg19.safetensors',
    styleLayers: ['relu1_1', 'relu2_1', 'relu3_1', 'relu4_1', 'relu5_1'],
    contentLayers: ['relu4_2'],
  },
  {
    name: 'resnet50',
    weights: 'weights/resnet50-v1.safetensors',
    styleLayers: ['relu1', 'layer1.0', 'layer1.2', 'layer2.0', 'layer2.3', 'layer3.0', 'layer3.5'],
    contentLayers: ['layer2.3'],
  },
] as const;

/**
 * Most that gradient and loss may be off, relatively; the least cosine of the gradients. The leading directions of the
 * default are found approximately, the eigenvectors of PyTorch exactly.
 */
const OBJECTIVES = [
  { preset: 'gram', least: 0.9999, gradientOff: 1e-3, lossOff: 1e-4 },
  { preset: 'default', least: 0.9999, gradientOff: 1e-2, lossOff: 2e-2 },
] as const;

const CASES = NETWORKS.flatMap((network) =>
  OBJECTIVES.map((objective) => ({ ...network, ...objective, why: missing(network.weights) })),
);

/** Each counts `decay` times less than the one before. */
const decaying = (taps: readonly string[], decay: number) =>
  taps.map((tap, i) => ({ tap, weight: decay ** -i }));

describe("image gradient of the full loss against PyTorch's", () => {
  for (const { name, preset, weights, styleLayers, contentLayers, why, ...bounds } of CASES) {
    it.skipIf(why)(`${name}, ${preset}${why ? ` (skipped: ${why})` : ''}`, async () => {
      const file = dataFile(weights)!;
      const network = importNetwork(name, file);
      const decay = PRESETS[preset].layerDecay;
      const settings = makeSettings(preset, {
        size: SIZE,
        contentWeight: 1,
        styleWeight: 1,
        tvWeight: 0,
        layerSum: 'sum',
        styleLayers: decaying(styleLayers, decay),
        contentLayers: decaying(contentLayers, 1),
      });
      const [content, style, image] = [1, 2, 3].map((seed) => scene(SIZE, SIZE, seed));
      const layers = chooseLayers(network, settings);
      const targets = await measureTargets(runtime, network, layers, settings, content!, [
        { planes: style!, weight: 1 },
      ]);

      const b = new GraphBuilder();
      const x = b.input('x', [1, 3, SIZE, SIZE]);
      const { gradient, total } = makeObjective(network, layers, targets, settings)(b, x);
      b.output(gradient, 'gradient');
      b.output(total, 'total');
      const found = await runtime.evaluate(b.build(), { x: image!.data });

      const figures = { dims: [1, 3, SIZE, SIZE] };
      const expected = reference(['gradient', name, preset, file, '{pixels}'], {
        content: { ...figures, data: content!.data },
        style: { ...figures, data: style!.data },
        image: { ...figures, data: image!.data },
      }) as { loss: number; gradient: number[] };
      const error = relativeError(found['gradient']!, expected.gradient);
      console.info(
        `${name}, ${preset}: gradient error ${error.toExponential(2)}, loss ${found['total']![0]!} and ${expected.loss}`,
      );
      expect(cosine(found['gradient']!, expected.gradient)).toBeGreaterThanOrEqual(bounds.least);
      expect(error).toBeLessThanOrEqual(bounds.gradientOff);
      expect(Math.abs(found['total']![0]! / expected.loss - 1)).toBeLessThanOrEqual(bounds.lossOff);
    });
  }
});
