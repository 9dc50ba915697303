import { describe, expect, it } from 'vitest';
import { fitMask, maskAt, readMask, writeMask, type Mask } from '../../shared/mask.ts';
import { heapBytes } from '../../shared/memory.ts';
import { makeSettings, type StyleSettings } from '../../shared/settings.ts';
import { wasmRuntime } from '../../tools/host.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import { chooseLayers } from '../../web/engine/pipeline/layers.ts';
import { makeObjective } from '../../web/engine/pipeline/objective.ts';
import { rgbOf, toPlanes, type Pixels } from '../../web/engine/pipeline/pixels.ts';
import { guide } from '../../web/engine/pipeline/regions/guidance.ts';
import { regionsAt } from '../../web/engine/pipeline/regions/regions.ts';
import { measureTargets, measureUnits } from '../../web/engine/pipeline/targets.ts';
import { featherOf, squaredDistances } from '../../web/engine/pipeline/regions/feather.ts';
import {
  stylize,
  type Checkpoint,
  type StylizeOptions,
  type StylizeRequest,
} from '../../web/engine/pipeline/stylize.ts';
import { random } from '../../web/engine/random.ts';
import { smallNetwork } from '../support/networks.ts';
import { picture } from '../support/scenes.ts';

const runtime = wasmRuntime(1);
const network = smallNetwork('replicate');
const [WIDTH, HEIGHT] = [128, 96];
const PHOTO = picture(WIDTH, HEIGHT, 1);

const painted = (label: (x: number, y: number) => number): Mask => ({
  width: WIDTH,
  height: HEIGHT,
  labels: Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
    label(i % WIDTH, Math.floor(i / WIDTH)),
  ),
});
/** A disc is left alone; around it the first style on the left, the second on the right. */
const DISC = painted((x, y) => ((x - 60) ** 2 + (y - 50) ** 2 < 900 ? 0 : x < 64 ? 1 : 2));

const request = (mask: Mask, changes: Partial<StyleSettings> = {}): StylizeRequest => ({
  content: PHOTO,
  styles: [
    { pixels: picture(90, 90, 2), weight: 1 },
    { pixels: picture(60, 100, 3), weight: 2 },
  ],
  network,
  mask,
  settings: makeSettings('default', { size: WIDTH, steps: 6, scales: 1, ...changes }),
});
const paint = (mask: Mask, changes: Partial<StyleSettings> = {}, options: StylizeOptions = {}) =>
  stylize(runtime, request(mask, changes), options);

/** Pixels of which any byte is another than the photo's. */
const changed = ({ data }: { data: Uint8ClampedArray }): number[] =>
  Array.from({ length: WIDTH * HEIGHT }, (_, i) => i).filter((i) =>
    [0, 1, 2, 3].some((c) => data[4 * i + c] !== PHOTO.data[4 * i + c]),
  );

describe('what is left alone', () => {
  it.each<[string, Partial<StyleSettings>, StylizeOptions]>([
    ['Adam', {}, {}],
    ['three sizes, from noise', { scales: 3, steps: 9, init: 'noise' }, {}],
    ['from the styles', { init: 'style' }, {}],
    ['L-BFGS', { optimizer: 'lbfgs', learningRate: 1 }, {}],
    ['by tiles', {}, { memoryBudget: heapBytes(2 ** 20) }],
    ['in luminance only', { colours: 'luminance' }, {}],
    ["with the photo's palette", { colours: 'photo' }, {}],
    ["with the styles' palettes", { colours: 'palette' }, {}],
    ['255 a channel', { pixelRange: 255, learningRate: 5 }, {}],
    ['smoothed by a softmax', { styleLossKind: 'swag', steps: 3 }, {}],
  ])(
    'is the photo, byte for byte, and all else is painted: %s',
    async (_name, changes, options) => {
      const { image } = await paint(DISC, changes, options);
      const left = DISC.labels.map((label) => Number(label === 0));
      const other = changed(image);
      expect(other.filter((i) => left[i])).toEqual([]);
      // Beyond the feather hardly a pixel is the photo's by chance.
      const far = squaredDistances(left, WIDTH, HEIGHT);
      const beyond = [...far].filter((square) => square > featherOf(WIDTH) ** 2).length;
      expect(other.length).toBeGreaterThan(0.97 * beyond);
      expect(runtime.counters).toMatchObject({ sessions: 0, buffers: 0 });
    },
  );
});

describe('a run with regions', () => {
  it('of which one is everything is the run without', async () => {
    const { mask: _, ...plain } = request(DISC);
    const whole = await stylize(runtime, { ...plain, styles: [plain.styles[1]!] });
    const { image, losses } = await paint(painted(() => 2));
    losses.forEach(({ total }, i) =>
      expect(Math.abs(total / whole.losses[i]!.total - 1)).toBeLessThan(1e-4),
    );
    const apart = image.data.filter((byte, i) => Math.abs(byte - whole.image.data[i]!) > 2);
    expect(apart.length).toBeLessThan(1e-3 * image.data.length);
  });

  it.each<[string, Partial<StyleSettings>, StylizeOptions]>([
    ['in one piece', { scales: 2 }, {}],
    ['by tiles', {}, { memoryBudget: heapBytes(2 ** 20) }],
  ])('goes on from a checkpoint to the same picture, %s', async (_name, changes, options) => {
    const given: Checkpoint[] = [];
    const whole = await paint(DISC, changes, {
      ...options,
      checkpointEvery: 1e-6,
      onCheckpoint: (checkpoint) => given.push(structuredClone(checkpoint)),
    });
    const resume = given.find(({ steps }) => steps > 1)!;
    const again = await paint(DISC, changes, { ...options, resume });
    expect(again.image).toEqual(whole.image);
    const other = paint(
      painted(() => 1),
      changes,
      { ...options, resume },
    );
    await expect(other).rejects.toMatchObject({ kind: 'unfit-checkpoint' });
  });

  it('takes a mask of any size of the same shape', async () => {
    const { losses } = await paint(DISC);
    const coarse = await paint(maskAt(DISC, 64, 48));
    expect(coarse.losses.at(-1)!.style / losses.at(-1)!.style).toBeCloseTo(1, 1);
  });

  it.each<[string, Mask, RegExp, RegExp]>([
    ['of another shape', maskAt(DISC, 96, 96), /96 x 96 and the photo 128 x 96/, /proportions/],
    ['that leaves everything alone', painted(() => 0), /everything alone/, /some of the picture/],
    ['that asks for a third style', painted(() => 3), /style 3 of 2/, /Add a style/],
    ['that is none', { ...DISC, width: 5 }, /not a picture of labels/, /anew/],
  ])('refuses a mask %s', async (_name, mask, message, advice) => {
    const error = await paint(mask).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'mask' });
    expect((error as Error).message).toMatch(message);
    expect((error as { advice: string }).advice).toMatch(advice);
  });
});

describe('two halves with two styles', () => {
  const HALVES = painted((x) => (x < WIDTH / 2 ? 1 : 2));

  /** Style loss of one half of a picture to one of the styles. */
  async function lossOf(image: Pixels, style: Pixels, label: number): Promise<number> {
    const settings = makeSettings('default', { contentWeight: 0, tvWeight: 0, scales: 1 });
    const layers = chooseLayers(network, settings);
    const [planes, x] = [toPlanes(style), toPlanes(image)];
    const units = await measureUnits(runtime, network, layers, settings, toPlanes(PHOTO));
    const targets = await measureTargets(
      ...([runtime, network, layers, settings, toPlanes(PHOTO)] as const),
      ...([[{ planes, weight: 1 }], false, units] as const),
    );
    const { regions } = regionsAt(HALVES, WIDTH, HEIGHT);
    const only = regions.filter((region) => region.style === label - 1);
    const scope = { guidance: guide(network, layers, only), hold: null };
    const b = new GraphBuilder();
    const input = b.input('x', [1, 3, HEIGHT, WIDTH]);
    const objective = makeObjective(network, layers, targets, settings, false, scope);
    b.output(objective(b, input).parts, 'parts');
    return (await runtime.evaluate(b.build(), { x: rgbOf(x) }))['parts']![2]!;
  }

  it('come within 5 % of a picture that is all in the one style, on its half', async () => {
    const long = { steps: 60 };
    const { styles, mask: _, ...plain } = request(HALVES, long);
    const both = await paint(HALVES, long);
    for (const label of [1, 2]) {
      const style = styles[label - 1]!;
      const alone = await stylize(runtime, { ...plain, styles: [style] });
      const [found, wanted, before] = [
        await lossOf(both.image, style.pixels, label),
        await lossOf(alone.image, style.pixels, label),
        await lossOf(PHOTO, style.pixels, label),
      ];
      expect(wanted).toBeLessThan(before / 2);
      expect(found).toBeLessThan(1.05 * wanted);
    }
  });
});

describe('a mask as text', () => {
  it('is read back, and short', () => {
    expect(readMask(writeMask(DISC))).toEqual(DISC);
    expect(writeMask(DISC).length).toBeLessThan(1000);
    expect(writeMask(painted(() => 1))).toBe('128x96;B;=95');
    const next = random(4);
    const noise = painted(() => Math.floor(next() * 6));
    expect(readMask(writeMask(noise))).toEqual(noise);
    const rows = painted((_x, y) => 1 + (Math.floor(y / 2) % 2));
    expect(readMask(writeMask(rows))).toEqual(rows);
  });

  it.each([
    '',
    '4x4',
    '4x2;B',
    '4x2;B;=5',
    '4x2;=2',
    '4x2;B9;B',
    '4x2;B2;B',
    '4x2;G;B',
    '4x2;B0A;B',
    '0x2;B',
    '9999x1;B',
    '4x1;B2A2B2',
    'mask',
  ])('%j is none', (text) => {
    expect(readMask(text)).toBeNull();
  });

  it('is made smaller where it is very large', () => {
    const large = maskAt(DISC, 2000, 1500);
    expect(fitMask(large)).toMatchObject({ width: 1024, height: 768 });
    expect(fitMask(DISC)).toBe(DISC);
  });
});
