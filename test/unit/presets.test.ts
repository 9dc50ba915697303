import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  makeSettings,
  PRESET_NAMES,
  settingsSchema,
  type PresetName,
} from '../../shared/settings.ts';
import { wasmRuntime } from '../../tools/host.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import { chooseLayers } from '../../web/engine/pipeline/layers.ts';
import { makeObjective } from '../../web/engine/pipeline/objective.ts';
import { measureTargets } from '../../web/engine/pipeline/targets.ts';
import type { Planes } from '../../web/engine/pipeline/pixels.ts';
import { parse } from 'valibot';
import { importNetwork } from '../support/oracle.ts';
import { relativeError } from '../support/numbers.ts';

const fixture = (name: string) =>
  fileURLToPath(new URL(`../fixtures/presets/${name}`, import.meta.url));

interface PresetFigures {
  readonly size: number;
  readonly content: number[];
  readonly style: number[];
  readonly image: number[];
  readonly presets: Record<string, { parts: number[]; gradient: number[] }>;
}

// Made by test/fixtures/presets/make.py, which writes each program's formula out in PyTorch.
const figures = JSON.parse(readFileSync(fixture('figures.json'), 'utf8')) as PresetFigures;
const [fast, plain] = [wasmRuntime(1), wasmRuntime(1, { plain: true })];

const planes = (data: number[]): Planes => ({
  width: figures.size,
  height: figures.size,
  channels: 3,
  data: Float32Array.from(data),
});

describe("the reference programs' losses, to the digit", () => {
  it.each(Object.keys(figures.presets) as PresetName[])('%s', async (preset) => {
    const { parts, gradient } = figures.presets[preset]!;
    const network = importNetwork('vgg19', fixture('network.safetensors'));
    const settings = makeSettings(preset);
    const layers = chooseLayers(network, settings);
    const styles = [{ planes: planes(figures.style), weight: 1 }];
    const targets = await measureTargets(
      plain,
      network,
      layers,
      settings,
      planes(figures.content),
      styles,
    );
    for (const runtime of [fast, plain]) {
      const b = new GraphBuilder();
      const x = b.input('x', [1, 3, figures.size, figures.size]);
      const objective = makeObjective(network, layers, targets, settings)(b, x);
      b.output(objective.parts, 'parts');
      b.output(objective.gradient, 'gradient');
      const image = Float32Array.from(figures.image, (value) => value * settings.pixelRange);
      const found = await runtime.evaluate(b.build(), { x: image });
      expect(relativeError(found['parts']!.slice(1), parts)).toBeLessThanOrEqual(1e-5);
      expect(relativeError(found['gradient']!, gradient)).toBeLessThanOrEqual(1e-5);
    }
  });
});

describe('presets', () => {
  it.each(PRESET_NAMES)('%s is within its own limits', (preset) => {
    expect(parse(settingsSchema, makeSettings(preset))).toEqual(makeSettings(preset));
  });

  it('refuse what is out of range', () => {
    expect(() => makeSettings('default', { steps: 0 })).toThrow();
    expect(() => makeSettings('default', { learningRate: Number.NaN })).toThrow();
  });
});
