import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Mask } from '../../shared/mask.ts';
import { makeSettings, type StyleSettings } from '../../shared/settings.ts';
import { wasmRuntime } from '../../tools/host.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import { float32, toFloat32 } from '../../web/engine/graph/tensor.ts';
import { chooseLayers } from '../../web/engine/pipeline/layers.ts';
import { makeObjective } from '../../web/engine/pipeline/objective.ts';
import type { Planes } from '../../web/engine/pipeline/pixels.ts';
import { reachesOf } from '../../web/engine/pipeline/receptive.ts';
import { feathered, squaredDistances } from '../../web/engine/pipeline/regions/feather.ts';
import { guide, type Guidance } from '../../web/engine/pipeline/regions/guidance.ts';
import { regionsAt } from '../../web/engine/pipeline/regions/regions.ts';
import { holdOf, type Scope } from '../../web/engine/pipeline/regions/scope.ts';
import { measureTargets } from '../../web/engine/pipeline/targets.ts';
import { random } from '../../web/engine/random.ts';
import { smallNetwork, type Shape } from '../support/networks.ts';
import { importNetwork } from '../support/oracle.ts';
import { relativeError } from '../support/numbers.ts';
import { scene } from '../support/scenes.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const read = (name: string): unknown => JSON.parse(readFileSync(fixture(name), 'utf8'));

interface Figures {
  readonly shares: number[];
  readonly guides: Record<string, number[][]>;
  readonly painted: number[];
  readonly losses: Record<string, { value: number; gradient: number[] }>;
}
type Pictures = Record<'content' | 'style' | 'image', number[]> & { readonly size: number };

// Made by test/fixtures/losses/make_guided.py in float64.
const figures = read('losses/guided.json') as Figures;
const { size, ...pictures } = read('presets/figures.json') as Pictures;

const runtime = wasmRuntime(1);
const network = importNetwork('vgg19', fixture('presets/network.safetensors'));
const planes = (data: readonly number[]): Planes => ({
  width: size,
  height: size,
  channels: 3,
  data: Float32Array.from(data),
});

/** Turned and dimmed, as the fixture's second style. */
const turned = pictures.style.map((_, i) => {
  const [c, y, x] = [Math.floor(i / size ** 2), Math.floor(i / size) % size, i % size];
  return 0.8 * pictures.style[(2 - c) * size ** 2 + y * size + (size - 1 - x)]!;
});

const guidance: Guidance = new Map(
  Object.entries(figures.guides).map(([tap, channels]) => [
    tap,
    channels.map((t, i) => {
      const [side, squares] = [Math.sqrt(t.length), t.map((value) => value ** 2)];
      const count = squares.reduce((sum, w) => sum + w, 0);
      return { weights: float32([1, 1, side, side], squares), count, share: figures.shares[i]! };
    }),
  ]),
);

describe("losses of regions and their gradients in the image are PyTorch's", () => {
  it.each(Object.keys(figures.losses))('%s', async (kind) => {
    const settings = makeSettings('default', {
      styleLossKind: kind as StyleSettings['styleLossKind'],
      styleLoss: 'mean',
      activations: 'scaled',
      temperature: 0.7,
      gram: 'hw',
      directions: 0,
      edges: 'zeros',
      layerSum: 'sum',
      contentWeight: 0,
      styleWeight: 1,
      paletteWeight: 0,
      tvWeight: 0,
      styleLayers: Object.keys(figures.guides).map((tap) => ({ tap, weight: 1 })),
      contentLayers: [{ tap: 'relu3_1', weight: 1 }],
    });
    const layers = chooseLayers(network, settings);
    const styles = [pictures.style, turned].map((data) => ({ planes: planes(data), weight: 1 }));
    const content = planes(pictures.content);
    const targets = await measureTargets(
      ...([runtime, network, layers, settings, content, styles, false, undefined] as const),
      [
        [1, 0],
        [0, 1],
      ],
    );
    const painted = Float32Array.from(figures.painted);
    const scope: Scope = { guidance, hold: holdOf(painted, content.data, 1) };
    const b = new GraphBuilder();
    const x = b.input('x', [1, 3, size, size]);
    const objective = makeObjective(network, layers, targets, settings, false, scope)(b, x);
    b.output(objective.parts, 'parts');
    b.output(objective.gradient, 'gradient');
    const found = await runtime.evaluate(b.build(), { x: Float32Array.from(pictures.image) });
    const { value, gradient } = figures.losses[kind]!;
    expect(Math.abs(found['parts']![2]! / value - 1)).toBeLessThanOrEqual(1e-5);
    expect(relativeError(found['gradient']!, gradient)).toBeLessThanOrEqual(1e-5);
    // Where the photo is left alone there is nothing to be gained.
    painted.forEach((part, i) => part === 0 && expect(Math.abs(found['gradient']![i]!)).toBe(0));
  });
});

/** 1: left of the line through the middle; the rest 2. */
const halves = (width: number, height: number): Mask => ({
  width,
  height,
  labels: Uint8Array.from({ length: width * height }, (_, i) => (i % width < width / 2 ? 1 : 2)),
});

describe('regions in the layers of a network', () => {
  it.each<Shape>(['zero', 'replicate', 'strided'])('%s: by what positions see', (shape) => {
    const small = smallNetwork(shape);
    const layers = chooseLayers(small, makeSettings('default'));
    const { regions } = regionsAt(halves(96, 64), 96, 64);
    expect(regions.map(({ style, share }) => [style, share])).toEqual([
      [0, 0.5],
      [1, 0.5],
    ]);
    const guides = [...guide(small, layers, regions)];
    const edges = guides.map(([, both]) => {
      const [t, other] = both.map(({ weights }) => toFloat32(weights).map(Math.sqrt));
      const [, , h, w] = both[0]!.weights.dims as [number, number, number, number];
      // Parts of one whole; far from the line all or nothing, along the line the same everywhere.
      t!.forEach((part, i) => expect(part + other![i]!).toBeCloseTo(1, 5));
      const row = (y: number) => [...t!.subarray(y * w, (y + 1) * w)];
      expect(row(0)[0]).toBeCloseTo(1, 6);
      expect(row(0)[w - 1]).toBe(0);
      for (let y = 1; y < h; y++)
        row(y).forEach((part, x) => expect(part).toBeCloseTo(row(0)[x]!, 6));
      expect(both[0]!.count + both[1]!.count).toBeLessThan(h * w);
      const stride = 96 / w;
      return stride * row(0).filter((part) => part > 0.01 && part < 0.99).length;
    });
    // The deeper a layer, the wider the transition.
    expect(edges).toEqual([...edges].sort((a, c) => a - c));
    expect(edges.at(-1)).toBeGreaterThan(edges[0]!);
    expect(edges.at(-1)).toBeLessThan(64);
  });
});

describe('how much of what a layer sees counts', () => {
  it('adds up the variances of its windows', () => {
    const b = new GraphBuilder();
    const x = b.input('x', [1, 3, 64, 64]);
    const taps = smallNetwork('zero').tap(b, x, ['a', 'c']);
    const reaches = reachesOf({ inputs: [x], nodes: b.nodes });
    const spread = (tap: string) => reaches.get(taps.get(tap)!)!.map((reach) => reach.spread);
    // (n² − 1)/12 of a window of n, in steps of 1, 2 and 4 pixels: 3; then 2, 3, 3, 2, 3.
    expect(spread('a')[0]).toBeCloseTo(8 / 12, 12);
    const all = (8 + 3 + 4 * (8 + 8 + 3) + 16 * 8) / 12;
    for (const one of spread('c')) expect(one).toBeCloseTo(all, 12);
  });
});

describe('the feather', () => {
  it('measures distances exactly', () => {
    const [width, height, next] = [23, 17, random(3)];
    const marked = Uint8Array.from({ length: width * height }, () => Number(next() < 0.03));
    const squares = squaredDistances(marked, width, height);
    squares.forEach((found, i) => {
      let nearest = Infinity;
      marked.forEach((mark, k) => {
        const [dx, dy] = [(i % width) - (k % width), Math.floor(i / width) - Math.floor(k / width)];
        if (mark) nearest = Math.min(nearest, dx * dx + dy * dy);
      });
      expect(found).toBe(nearest);
    });
  });

  it('begins where the photo ends and is over after its width', () => {
    const part = feathered(
      Uint8Array.from({ length: 20 }, (_, i) => Number(i < 5)),
      20,
      1,
      4,
    );
    expect([...part.subarray(0, 5)]).toEqual([0, 0, 0, 0, 0]);
    for (let i = 5; i < 10; i++) expect(part[i]).toBeGreaterThan(part[i - 1]!);
    expect([...part.subarray(9)]).toEqual(Array(11).fill(1));
  });
});

describe('the gradient of a masked objective', () => {
  it('is that of central differences', async () => {
    const small = smallNetwork('replicate');
    const settings = makeSettings('default', { contentWeight: 0.3, directions: 0 });
    const layers = chooseLayers(small, settings);
    const [width, height] = [32, 24];
    const content = scene(width, height, 2);
    const styles = [3, 4].map((seed) => ({ planes: scene(40, 30, seed), weight: 1 }));
    const mask = halves(width, height);
    mask.labels.fill(0, 0, 6 * width);
    const { regions, painted } = regionsAt(mask, width, height);
    const scope = {
      guidance: guide(small, layers, regions),
      hold: holdOf(painted!, content.data, 1),
    };
    const targets = await measureTargets(
      ...([runtime, small, layers, settings, content, styles, false, undefined] as const),
      [
        [1, 0],
        [0, 1],
      ],
    );
    const b = new GraphBuilder();
    const x = b.input('x', [1, 3, height, width]);
    const made = makeObjective(small, layers, targets, settings, false, scope)(b, x);
    b.output(b.reshape(made.total, [1]), 'total');
    b.output(made.gradient, 'gradient');
    const program = await runtime.load(b.build(), []);
    const at = async (image: Float32Array) => (await program.run({ x: image })).read();
    const { data } = scene(width, height, 1);
    const { gradient } = await at(data);
    // Along the gradient itself: there the slope is its length, and rounding counts least.
    const length = Math.hypot(...gradient!);
    const along = async (t: number) =>
      (await at(data.map((value, i) => value + (t * gradient![i]!) / length)))['total']![0]!;
    const step = 0.01;
    const slope = ((await along(step)) - (await along(-step))) / (2 * step);
    expect(Math.abs(slope / length - 1)).toBeLessThan(1e-2);
    program.dispose();
  });
});
