import { describe, expect, it } from 'vitest';
import type { Mask } from '../../shared/mask.ts';
import { makeSettings, PRESETS, type StyleSettings } from '../../shared/settings.ts';
import { wasmRuntime } from '../../tools/host.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import { chooseLayers } from '../../web/engine/pipeline/layers.ts';
import { makeObjective } from '../../web/engine/pipeline/objective.ts';
import type { Planes } from '../../web/engine/pipeline/pixels.ts';
import { Masking } from '../../web/engine/pipeline/regions/masking.ts';
import { measureTargets, type Targets } from '../../web/engine/pipeline/targets.ts';
import { cutAxis, ownPositions } from '../../web/engine/pipeline/tiled/grid.ts';
import { measureByTiles } from '../../web/engine/pipeline/tiled/measure.ts';
import { TiledObjective } from '../../web/engine/pipeline/tiled/objective.ts';
import type { Eye } from '../../web/engine/pipeline/tiled/passes.ts';
import { smallNetwork, type Shape } from '../support/networks.ts';
import { relativeError } from '../support/numbers.ts';
import { scene } from '../support/scenes.ts';

const runtime = wasmRuntime(1);

/** Loss, gradient and targets, of the whole picture at once or by tiles. */
async function both(
  shape: Shape,
  image: Planes,
  side: number,
  changes: Partial<StyleSettings>,
  mask?: Mask,
) {
  const settings = makeSettings('gram', { contentWeight: 3, ...changes });
  const network = smallNetwork(shape);
  const layers = chooseLayers(network, settings);
  const { width, height } = image;
  const content = scene(width, height, 2);
  const styles = [
    { planes: scene(77, 58, 3), weight: 2 },
    { planes: scene(50, 91, 4), weight: 1 },
  ];
  const x = image.data.map((value) => value * settings.pixelRange);
  const masking = new Masking(mask, network, layers);
  const mixes = masking.mixes(styles, image);
  const targets = await measureTargets(
    ...([runtime, network, layers, settings, content, styles, false, undefined, mixes] as const),
  );
  const { units } = targets;
  const scope = masking.scopeAt(image, content, settings.pixelRange);
  const eye: Eye = { network, layers, settings, units, half: false, scope };
  const b = new GraphBuilder();
  const input = b.input('x', [1, 3, height, width]);
  const { parts, gradient } = makeObjective(
    ...([network, layers, targets, settings, false, scope] as const),
  )(b, input);
  b.output(parts, 'parts');
  b.output(gradient, 'gradient');
  const whole = await runtime.evaluate(b.build(), { x });

  const tiledTargets = await measureByTiles(
    ...([runtime, eye, content, styles, side, {}, mixes] as const),
  );
  const tiled = new TiledObjective(runtime, eye, tiledTargets, { width, height }, side);
  const g = new Float32Array(x.length);
  const losses = await tiled.evaluate(x, g);
  const { tiles } = tiled;
  tiled.dispose();
  return {
    whole: { parts: [...whole['parts']!], gradient: whole['gradient']!, targets },
    tiled: {
      parts: [losses.total, losses.content, losses.style, losses.tv],
      gradient: g,
      targets: tiledTargets,
    },
    tiles,
  };
}

function targetsApart(found: Targets, wanted: Targets): number {
  const floats = ({ bytes }: { bytes: Uint8Array }) => new Float32Array(bytes.slice().buffer);
  const errors = [...wanted.content].map(([tap, data]) =>
    relativeError(floats(found.content.get(tap)!), floats(data)),
  );
  for (const [tap, all] of wanted.style)
    all.forEach((data, i) =>
      errors.push(relativeError(floats(found.style.get(tap)![i]!), floats(data))),
    );
  return Math.max(...errors);
}

const { contentWeight, styleWeight, tvWeight, styleLossKind, activations, directions, layerSum } =
  PRESETS.default;
const LOSSES = {
  contentWeight,
  styleWeight,
  tvWeight,
  styleLossKind,
  activations,
  directions,
  layerSum,
};

/** Losses agree to `digits` of the total, the gradient to as much of its own length; no pixel stands out. */
async function expectAlike(
  [shape, width, height, side]: readonly [Shape, number, number, number],
  changes: Partial<StyleSettings>,
  digits: number,
  mask?: Mask,
): Promise<void> {
  const { whole, tiled, tiles } = await both(shape, scene(width, height, 1), side, changes, mask);
  expect(tiles).toBeGreaterThan(2);
  expect(targetsApart(tiled.targets, whole.targets)).toBeLessThan(1e-5);
  whole.parts.forEach((part, i) =>
    expect(Math.abs(tiled.parts[i]! - part)).toBeLessThanOrEqual(digits * whole.parts[0]!),
  );
  expect(relativeError(tiled.gradient, whole.gradient)).toBeLessThan(digits);
  // No seam: nowhere is the difference of a size that counts.
  const largest = whole.gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
  const apart = whole.gradient.map((g, i) => Math.abs(g - tiled.gradient[i]!));
  expect(Math.max(...apart)).toBeLessThan(1e-4 * largest);
  expect(runtime.counters).toMatchObject({ sessions: 0, buffers: 0 });
}

describe('the gradient by tiles is that of the whole picture', () => {
  it.each<[string, Shape, number, number, number, Partial<StyleSettings>]>([
    ['zeros around, max pooling', 'zero', 101, 67, 48, {}],
    ['zeros around, average pooling', 'zero', 90, 75, 40, { pooling: 'average' }],
    ['edge repeated', 'replicate', 83, 102, 44, {}],
    ['strides and shortcuts, as in ResNet', 'strided', 155, 119, 88, {}],
    ['one row of tiles', 'zero', 120, 31, 36, {}],
    ['colours kept, 255 a channel', 'zero', 70, 66, 45, { colours: 'luminance', pixelRange: 255 }],
    ['variation of absolute differences', 'zero', 75, 60, 40, { tv: 'absolute' }],
    ['variation of squares, halved', 'zero', 60, 75, 40, { tv: 'half-squares' }],
    ['variation of mean squares', 'zero', 60, 75, 40, { tv: 'mean-squares' }],
    [
      'means of errors, Gram by size',
      'zero',
      77,
      60,
      40,
      { styleLoss: 'mean', gram: 'chw', contentLoss: 'half-sum', layerSum: 'mean' },
    ],
    ['Wasserstein', 'zero', 77, 60, 40, { styleLossKind: 'wasserstein' }],
    [
      'moments, units made common',
      'zero',
      77,
      60,
      40,
      { styleLossKind: 'moments', activations: 'scaled' },
    ],
    ['style alone', 'zero', 66, 66, 40, { contentWeight: 0, tvWeight: 0 }],
    ['content alone', 'zero', 66, 66, 40, { styleWeight: 0, tvWeight: 0 }],
  ])('%s', async (_name, shape, width, height, side, changes) => {
    await expectAlike([shape, width, height, side], changes, 1e-5);
  });

  // Its loss is a difference of sums that are much larger, and so has fewer digits.
  it.each<[string, Shape, Partial<StyleSettings>]>([
    ['zeros around', 'zero', {}],
    ['edge repeated', 'replicate', {}],
    ['style alone', 'zero', { contentWeight: 0, tvWeight: 0 }],
  ])('with the losses of the default: %s', async (_name, shape, changes) => {
    await expectAlike([shape, 77, 66, 40], { ...LOSSES, ...changes }, 1e-4);
  });
});

describe('the gradient by tiles of regions', () => {
  // A disc of the one style, the other around it, and a corner that is left alone.
  const [width, height] = [77, 60];
  const labels = Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    if (x + y < 30) return 0;
    return (x - 40) ** 2 + (y - 30) ** 2 < 400 ? 1 : 2;
  });
  const mask = { width, height, labels };

  it.each<[string, Shape, Partial<StyleSettings>]>([
    ['Gram', 'zero', {}],
    ['moments', 'replicate', { styleLossKind: 'moments', activations: 'scaled' }],
    ['255 a channel', 'zero', { pixelRange: 255 }],
  ])('%s', async (_name, shape, changes) => {
    await expectAlike([shape, width, height, 40], changes, 1e-5, mask);
  });

  it('Wasserstein', async () => {
    await expectAlike(['zero', width, height, 40], LOSSES, 1e-4, mask);
  });
});

describe('cutting an axis', () => {
  const margin = { before: 9, after: 7 };

  it.each([
    [100, 40, 4],
    [101, 40, 4],
    [999, 120, 16],
    [64, 64, 8],
    [65, 64, 8],
  ])('of %i pixels into windows of at most %i, by %i', (size, longest, stride) => {
    const { length, cuts } = cutAxis(size, longest, stride, margin)!;
    expect(length).toBeLessThanOrEqual(longest);
    expect(cuts[0]!.core.from).toBe(0);
    expect(cuts.at(-1)!.core.to).toBe(size);
    cuts.forEach(({ from, core }, i) => {
      expect(from % stride).toBe(0);
      expect(from + length).toBeLessThanOrEqual(size);
      if (i > 0) expect(core.from).toBe(cuts[i - 1]!.core.to);
      expect(core.from - from).toBeGreaterThanOrEqual(from === 0 ? 0 : margin.before);
      if (from + length < size)
        expect(from + length - core.to).toBeGreaterThanOrEqual(margin.after);
    });
    // Every position of a layer is one window's own.
    const positions = Math.floor(size / stride);
    const count = Math.floor(length / stride);
    const owners = new Float32Array(positions);
    for (const cut of cuts)
      ownPositions({ size, length, cuts }, cut, stride, count).forEach(
        (own, i) => (owners[cut.from / stride + i]! += own),
      );
    expect([...owners]).toEqual(Array(positions).fill(1));
  });

  it('says when a window would be all margin', () => {
    expect(cutAxis(100, 18, 4, margin)).toBeNull();
  });
});
