import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeSettings, type StyleSettings } from '../../shared/settings.ts';
import { wasmRuntime } from '../../tools/host.ts';
import { openNetwork } from '../../tools/library.ts';
import type { Pixels } from '../../web/engine/pipeline/pixels.ts';
import { planScales } from '../../web/engine/pipeline/schedule.ts';
import { stylize, type Progress, type StylizeOptions } from '../../web/engine/pipeline/stylize.ts';
import { importNetwork } from '../support/oracle.ts';
import { picture } from '../support/scenes.ts';

const runtime = wasmRuntime(1);
const network = importNetwork(
  'vgg19',
  fileURLToPath(new URL('../fixtures/presets/network.safetensors', import.meta.url)),
);

const CONTENT = picture(40, 30, 1);
const STYLE = picture(36, 36, 2);

const FLAT: Pixels = {
  width: 128,
  height: 128,
  data: new Uint8ClampedArray(4 * 128 * 128).fill(255),
};

const paint = (changes: Partial<StyleSettings> = {}, options: StylizeOptions = {}) =>
  stylize(
    runtime,
    {
      content: CONTENT,
      styles: [{ pixels: STYLE, weight: 1 }],
      network,
      settings: makeSettings('default', { size: 40, steps: 12, scales: 1, ...changes }),
    },
    options,
  );

describe('stylize()', () => {
  it('lowers the loss and reports every step', async () => {
    const reports: Progress[] = [];
    const result = await paint({}, { onProgress: (progress) => reports.push(progress) });
    expect(result.finished).toBe(true);
    expect(result.losses.map(({ step }) => step)).toEqual(
      Array.from({ length: 12 }, (_, i) => i + 1),
    );
    expect(result.losses.at(-1)!.total).toBeLessThan(0.9 * result.losses[0]!.total);
    expect(reports.flatMap(({ losses }) => losses)).toEqual(result.losses);
    expect(reports[0]!.phase).toBe('preparing');
    expect(reports.at(-1)).toMatchObject({ phase: 'painting', step: 12, steps: 12 });
  });

  it.each([
    [40, 30, 40, 30],
    [30, 40, 30, 40],
    [300, 17, 40, 2],
  ])('keeps the aspect ratio of %i x %i', async (width, height, outWidth, outHeight) => {
    const settings = makeSettings('default', {
      size: 40,
      steps: 2,
      scales: 1,
      styleLayers: [{ tap: 'relu1_1', weight: 1 }],
      contentLayers: [{ tap: 'relu1_1', weight: 1 }],
    });
    const content = picture(width, height, 3);
    const styles = [{ pixels: STYLE, weight: 1 }];
    const { image } = await stylize(runtime, { content, styles, network, settings });
    expect([image.width, image.height]).toEqual([outWidth, outHeight]);
  });

  it.each([
    ['photo', FLAT, STYLE],
    ['style', picture(128, 96, 3), FLAT],
    ['photo and style', FLAT, FLAT],
  ])('paints where one colour is all there is: %s', async (_which, content, style) => {
    const { image, losses } = await stylize(runtime, {
      content,
      styles: [{ pixels: style, weight: 1 }],
      network: await openNetwork('public/models', 'lite-vgg'),
      settings: makeSettings('default', { size: 128, steps: 3, scales: 1, init: 'content' }),
    });
    for (const { total } of losses) expect(total).toBeGreaterThanOrEqual(0);
    if (content !== style) expect(losses.at(-1)!.total).toBeLessThan(losses[0]!.total);
    else
      for (const [i, level] of image.data.entries()) expect(level, String(i)).toBeGreaterThan(250);
  });

  it('goes from coarse to fine, and shares out the steps', async () => {
    const { losses, image } = await paint({ scales: 2, steps: 9 });
    expect(losses.map(({ scale }) => scale)).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1]);
    expect([image.width, image.height]).toEqual([40, 30]);
  });

  it('starts from content, style or seeded noise', async () => {
    const first = async (changes: Partial<StyleSettings>) =>
      (await paint({ steps: 1, ...changes })).losses[0]!.total;
    const fromContent = await paint({ steps: 1 });
    expect(fromContent.losses[0]!.content).toBeCloseTo(0, 6);
    expect(await first({ init: 'noise', seed: 1 })).toBe(await first({ init: 'noise', seed: 1 }));
    expect(await first({ init: 'noise', seed: 1 })).not.toBe(
      await first({ init: 'noise', seed: 2 }),
    );
    expect(await first({ init: 'style' })).not.toBe(fromContent.losses[0]!.total);
  });

  it('shows previews while it paints', async () => {
    const previews: Pixels[] = [];
    await paint(
      {},
      { previewEvery: 1, onProgress: ({ preview }) => preview && previews.push(preview) },
    );
    expect(previews.length).toBeGreaterThanOrEqual(2);
    expect(previews[0]!.data).not.toEqual(previews.at(-1)!.data);
    expect([previews[0]!.width, previews[0]!.height]).toEqual([40, 30]);
  });

  it('keeps the best image when it is cancelled', async () => {
    const abort = new AbortController();
    const onProgress = ({ step }: Progress) => step >= 8 && abort.abort();
    const result = await paint({ steps: 5000 }, { signal: abort.signal, onProgress });
    expect(result.finished).toBe(false);
    expect(result.losses.length).toBeLessThan(5000);
    const lowest = Math.min(...result.losses.map(({ total }) => total));
    expect(result.losses[result.bestStep - 1]!.total).toBe(lowest);
    expect(result.image.data).not.toEqual(CONTENT.data);
  });

  it('says that it was cancelled when there is nothing to keep', async () => {
    await expect(paint({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('waits while it is paused', async () => {
    let [resume, arrive, steps] = [() => {}, () => {}, 0];
    const paused = new Promise<void>((resolve) => (resume = resolve));
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const gate = () => {
      if (steps < 1) return Promise.resolve();
      arrive();
      return paused;
    };
    const running = paint({}, { gate, onProgress: ({ step }) => (steps = step) });
    await arrived;
    // Another run is the clock: while it takes several steps, the one that is paused takes none.
    expect((await paint({ steps: 6 })).losses).toHaveLength(6);
    expect(steps).toBe(1);
    resume();
    expect((await running).finished).toBe(true);
  });

  it('holds nothing when it is done, cancelled or broken', async () => {
    await paint({ steps: 2 });
    await paint({ steps: 2, optimizer: 'lbfgs', learningRate: 1 });
    const abort = new AbortController();
    await paint(
      { steps: 50 },
      { signal: abort.signal, onProgress: ({ step }) => step > 0 && abort.abort() },
    );
    const broken = {
      onProgress: ({ step }: Progress) => {
        if (step > 0) throw new Error('the page is gone');
      },
    };
    await expect(paint({ steps: 5 }, broken)).rejects.toThrow('the page is gone');
    expect(runtime.counters).toMatchObject({ sessions: 0, buffers: 0 });
  });

  it('ends as the loop left it where a reference program is followed, and at the best image where ours is', async () => {
    // One giant step from the content: the last image is worse than the first.
    const wild = { steps: 2, learningRate: 0.9, averaging: 0 } as const;
    const difference = ({ image }: { image: Pixels }) =>
      image.data.reduce((sum, value, i) => sum + Math.abs(value - CONTENT.data[i]!), 0);
    expect(difference(await paint({ ...wild, stepControl: false }))).toBeGreaterThan(10_000);
    expect(difference(await paint({ ...wild, stepControl: true, contentWeight: 100 }))).toBe(0);
  });

  it('averages over a tenth of the steps at the finest size, and of ten steps or fewer takes the best', async () => {
    const image = async (changes: Partial<StyleSettings>) =>
      (await paint({ scales: 2, ...changes })).image.data;
    expect(await image({ steps: 40 })).toEqual(await image({ steps: 40, averaging: 0.5 }));
    expect(await image({ steps: 20 })).toEqual(await image({ steps: 20, averaging: 0 }));
  });

  it.each([
    ['no style', [], /0 styles/],
    ['six styles', Array<number>(6).fill(1), /6 styles/],
    ['a weight of zero', [0], /a style weight of 0/],
    ['a weight that is no number', [NaN], /a style weight of NaN/],
  ])('refuses %s', async (_what, weights, message) => {
    const styles = weights.map((weight) => ({ pixels: STYLE, weight }));
    const settings = makeSettings('default', { size: 40, steps: 1 });
    await expect(stylize(runtime, { content: CONTENT, styles, network, settings })).rejects.toThrow(
      message,
    );
  });

  it('refuses pixels that are not a picture, and settings out of range', async () => {
    const content = { width: 4, height: 4, data: new Uint8ClampedArray(3) };
    const settings = makeSettings('default', { size: 40, steps: 1 });
    const styles = [{ pixels: STYLE, weight: 1 }];
    await expect(stylize(runtime, { content, styles, network, settings })).rejects.toThrow(
      /not a picture/,
    );
    const odd = { ...settings, size: 3 };
    await expect(
      stylize(runtime, { content: CONTENT, styles, network, settings: odd }),
    ).rejects.toMatchObject({ kind: 'invalid-request' });
  });
});

describe('planScales()', () => {
  const settings = (changes: Partial<StyleSettings>) =>
    makeSettings('default', { size: 512, ...changes });

  it('grows by √2 to the full size', () => {
    const scales = planScales(800, 600, settings({ scales: 3, steps: 100 }));
    expect(scales).toEqual([
      { width: 256, height: 192, steps: 34 },
      { width: 362, height: 272, steps: 33 },
      { width: 512, height: 384, steps: 33 },
    ]);
  });

  it('begins at 128 px by itself, and after a sketch at 256', () => {
    const widths = (init: 'content' | 'sketch', size: number) =>
      planScales(10, 10, settings({ init, size, steps: 100 })).map(({ width }) => width);
    expect(widths('content', 512)).toEqual([128, 181, 256, 362, 512]);
    expect(widths('sketch', 512)).toEqual([256, 362, 512]);
    expect(widths('sketch', 200)).toEqual([200]);
  });

  it('leaves out scales too small to see anything, and scales without a step', () => {
    expect(planScales(10, 10, settings({ size: 20, scales: 8 }))).toHaveLength(1);
    expect(planScales(10, 10, settings({ scales: 4, steps: 2 }))).toHaveLength(2);
  });
});
