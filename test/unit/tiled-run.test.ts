import { describe, expect, it } from 'vitest';
import { heapBytes } from '../../shared/memory.ts';
import { makeSettings, type StyleSettings } from '../../shared/settings.ts';
import { wasmRuntime } from '../../tools/host.ts';
import { OutOfMemoryError } from '../../web/engine/errors.ts';
import type { Graph } from '../../web/engine/graph/graph.ts';
import {
  stylize,
  type Checkpoint,
  type StylizeOptions,
  type StylizeRequest,
} from '../../web/engine/pipeline/stylize.ts';
import type { Runtime } from '../../web/engine/runtime/runtime.ts';
import { smallNetwork } from '../support/networks.ts';
import { picture } from '../support/scenes.ts';

const runtime = wasmRuntime(1);
const network = smallNetwork('zero');

/** Less than one piece of 128 x 96 needs, so that there are tiles. */
const BUDGET = heapBytes(0.8 * 2 ** 20);

const request = (changes: Partial<StyleSettings> = {}): StylizeRequest => ({
  content: picture(128, 96, 1),
  styles: [
    { pixels: picture(90, 90, 2), weight: 1 },
    { pixels: picture(60, 100, 3), weight: 2 },
  ],
  network,
  // L-BFGS makes more of rounding than Adam: with a loss that does not take differences of large sums.
  settings: makeSettings(changes.optimizer === 'lbfgs' ? 'gram' : 'default', {
    size: 128,
    steps: 6,
    scales: 1,
    ...changes,
  }),
});
const paint = (changes: Partial<StyleSettings> = {}, options: StylizeOptions = {}, on = runtime) =>
  stylize(on, request(changes), options);

/** The device with less memory than a plan takes it to have. */
const cramped = (bytes: number): Runtime =>
  Object.assign(Object.create(runtime) as Runtime, {
    plan: (...graphs: readonly Graph[]) => runtime.plan(...graphs),
    load: (...[graph, ...rest]: Parameters<Runtime['load']>) =>
      runtime.plan(graph).peakBytes > bytes
        ? Promise.reject(new OutOfMemoryError('no room', 'Make some.'))
        : runtime.load(graph, ...rest),
  });

const LBFGS = { optimizer: 'lbfgs', learningRate: 0.1, history: 4 } as const;
const KINDS: [string, Partial<StyleSettings>][] = [
  ['Adam', {}],
  ['Adam, averaging, clipped', { averaging: 0.9, gradientClip: 0.01 }],
  ['L-BFGS', LBFGS],
  ['L-BFGS, line search', { ...LBFGS, lineSearch: 'strong-wolfe' }],
];

describe('a run by tiles', () => {
  it.each(KINDS)('paints what a run in one piece paints: %s', async (_name, changes) => {
    const tiles: number[] = [];
    const tiled = await paint(changes, {
      memoryBudget: BUDGET,
      onProgress: (news) => news.tiles && tiles.push(news.tiles.total),
    });
    const whole = await paint(changes);
    expect(Math.min(...tiles)).toBeGreaterThanOrEqual(2 * 6);
    // Rounding, which optimisers then make more of: a gradient near zero has a sign, and a step as long as any.
    whole.losses.forEach((there, i) => {
      const tolerance = (i < 3 ? 1e-4 : 1e-2) * there.total;
      for (const part of ['total', 'content', 'style', 'tv'] as const)
        expect(Math.abs(tiled.losses[i]![part] - there[part])).toBeLessThanOrEqual(tolerance);
    });
    const apart = whole.image.data.map((value, i) => Math.abs(value - tiled.image.data[i]!));
    expect(apart.filter((bytes) => bytes > 2).length).toBeLessThan(1e-3 * apart.length);
    expect(runtime.counters).toMatchObject({ sessions: 0, buffers: 0 });
  });

  it.each(KINDS)('goes on after a break in the middle of a step: %s', async (_name, changes) => {
    const whole = await paint(changes, { memoryBudget: BUDGET });
    const abort = new AbortController();
    let last: Checkpoint | undefined;
    const cut = await paint(changes, {
      memoryBudget: BUDGET,
      signal: abort.signal,
      onProgress: ({ step, tiles }) => step === 3 && tiles?.done === 5 && abort.abort(),
      checkpointEvery: 1e9,
      onCheckpoint: (checkpoint) => (last = structuredClone(checkpoint)),
    });
    expect(cut.finished).toBe(false);
    expect(cut.losses).toHaveLength(3);
    expect(runtime.counters).toMatchObject({ sessions: 0, buffers: 0 });
    const again = await paint(changes, { memoryBudget: BUDGET, resume: last! });
    expect(again.losses).toEqual(whole.losses);
    expect(again.image).toEqual(whole.image);
  });

  it('ends at once where it is stopped before its first step, and keeps the size before', async () => {
    const abort = new AbortController();
    const stopped = paint(
      {},
      {
        memoryBudget: BUDGET,
        signal: abort.signal,
        onProgress: ({ tiles }) => tiles && abort.abort(),
      },
    );
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(runtime.counters).toMatchObject({ sessions: 0, buffers: 0 });
  });
});

describe('where memory turns out to be short', () => {
  it('a picture in one piece goes on by tiles, and tiles are halved', async () => {
    const seen = new Set<number>();
    const { losses } = await paint(
      {},
      { onProgress: ({ tiles }) => tiles && seen.add(tiles.total) },
      cramped(heapBytes(1.5 * 2 ** 20)),
    );
    expect([...seen]).toEqual([2 * 6]);
    const whole = await paint();
    losses.forEach(({ total }, i) =>
      expect(Math.abs(total / whole.losses[i]!.total - 1)).toBeLessThan(1e-4),
    );
    expect(runtime.counters).toMatchObject({ sessions: 0, buffers: 0 });
  });

  it.each<[string, Partial<StyleSettings>, number, RegExp, RegExp]>([
    ['a loss of whole layers', { styleLossKind: 'swag' }, BUDGET, /whole layers/, /another loss/],
    ['less than one tile', {}, 1000, /one tile/, /smaller size/],
  ])('is refused with advice: %s', async (_name, changes, memoryBudget, message, advice) => {
    const error = await paint(changes, { memoryBudget }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OutOfMemoryError);
    expect((error as OutOfMemoryError).message).toMatch(message);
    expect((error as OutOfMemoryError).advice).toMatch(advice);
  });
});
