import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeSettings, type StyleSettings } from '../../shared/settings.ts';
import { wasmRuntime } from '../../tools/host.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import { chooseLayers } from '../../web/engine/pipeline/layers.ts';
import { makeObjective } from '../../web/engine/pipeline/objective.ts';
import type { Planes } from '../../web/engine/pipeline/pixels.ts';
import { measureTargets } from '../../web/engine/pipeline/targets.ts';
import { importNetwork } from '../support/oracle.ts';
import { relativeError } from '../support/numbers.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const read = (name: string): unknown => JSON.parse(readFileSync(fixture(name), 'utf8'));

interface LossFigures {
  readonly styleLayers: string[];
  readonly contentLayer: string;
  readonly temperature: number;
  readonly losses: Record<string, { parts: number[]; gradient: number[] }>;
}

type Pictures = Record<'content' | 'style' | 'image', number[]> & { readonly size: number };

// Made by test/fixtures/losses/make.py in float64, with matrix roots from eigenvectors.
const figures = read('losses/figures.json') as LossFigures;
const { size, ...pictures } = read('presets/figures.json') as Pictures;

const planes = (data: number[]): Planes => ({
  width: size,
  height: size,
  channels: 3,
  data: Float32Array.from(data),
});

const runtime = wasmRuntime(1);
const network = importNetwork('vgg19', fixture('presets/network.safetensors'));

describe("losses and their gradients in the image are PyTorch's", () => {
  it.each(Object.keys(figures.losses))('%s', async (name) => {
    const [kind, form] = name.split(' ') as [StyleSettings['styleLossKind'], 'mean' | 'relative'];
    const settings = makeSettings('default', {
      styleLossKind: kind,
      contentLossKind: kind === 'swag' ? 'swag' : 'activations',
      styleLoss: form,
      contentLoss: form,
      activations: 'scaled',
      temperature: figures.temperature,
      gram: 'hw',
      directions: 0,
      edges: 'zeros',
      layerSum: 'sum',
      contentWeight: 1,
      styleWeight: 1,
      paletteWeight: 0,
      tvWeight: 0,
      styleLayers: figures.styleLayers.map((tap) => ({ tap, weight: 1 })),
      contentLayers: [{ tap: figures.contentLayer, weight: 1 }],
    });
    const layers = chooseLayers(network, settings);
    const styles = [{ planes: planes(pictures.style), weight: 1 }];
    const content = planes(pictures.content);
    const targets = await measureTargets(runtime, network, layers, settings, content, styles);
    const b = new GraphBuilder();
    const x = b.input('x', [1, 3, size, size]);
    const objective = makeObjective(network, layers, targets, settings)(b, x);
    b.output(objective.parts, 'parts');
    b.output(objective.gradient, 'gradient');
    const found = await runtime.evaluate(b.build(), { x: Float32Array.from(pictures.image) });
    const { parts, gradient } = figures.losses[name]!;
    expect(relativeError(found['parts']!.slice(1, 3), parts)).toBeLessThanOrEqual(1e-5);
    expect(relativeError(found['gradient']!, gradient)).toBeLessThanOrEqual(1e-5);
  });
});
