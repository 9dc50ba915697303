import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { wasmRuntime } from '../../tools/host.ts';
import { Upscaler } from '../../web/engine/networks/upscaler.ts';
import { toPixels, type Pixels, type Planes } from '../../web/engine/pipeline/pixels.ts';
import { marginOf } from '../../web/engine/pipeline/receptive.ts';
import { enlarge, type TilingOptions } from '../../web/engine/pipeline/tiling.ts';
import { windowsAlong } from '../../web/engine/pipeline/tiles.ts';
import { upscale } from '../../web/engine/pipeline/upscale.ts';
import { random } from '../../web/engine/random.ts';
import type { Runtime } from '../../web/engine/runtime/runtime.ts';
import { relativeError } from '../support/numbers.ts';
import { scene } from '../support/scenes.ts';
import { importUpscaler } from '../support/upscalers.ts';

// A small random network in mseitzer/srgan's layout, and PyTorch's result: test/fixtures/srgan/make.py.
const fixture = (name: string) => new URL(`../fixtures/srgan/${name}`, import.meta.url);
const model = importUpscaler(fixture('generator.pth'));
const runtime = wasmRuntime(1);

/** The result in floats, put together from its patches. */
async function floats(
  image: Planes,
  options: TilingOptions = {},
  on: Runtime = runtime,
): Promise<{ data: Float32Array; tiles: number }> {
  const [width, height] = [4 * image.width, 4 * image.height];
  const data = new Float32Array(3 * width * height).fill(NaN);
  const { tiles } = await enlarge(
    on,
    model,
    image,
    (patch) => {
      for (let c = 0; c < 3; c++) {
        for (let y = 0; y < patch.height; y++) {
          const from = (c * patch.rows + patch.top + y) * patch.rowLength + patch.left;
          const row = patch.data.subarray(from, from + patch.width);
          data.set(row, (c * height + patch.y + y) * width + patch.x);
        }
      }
    },
    options,
  );
  return { data, tiles };
}

/** The same runtime with room for smaller tensors. */
const limited = (maxTensorBytes: number): Runtime => ({
  backend: runtime.backend,
  description: runtime.description,
  halfPrecision: runtime.halfPrecision,
  maxTensorBytes,
  counters: runtime.counters,
  plan: (...graphs) => runtime.plan(...graphs),
  evaluate: (graph, feeds) => runtime.evaluate(graph, feeds),
  load: (graph, state, memory) => runtime.load(graph, state, memory),
  dispose: () => runtime.dispose(),
});

const worst = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

function picture(width: number, height: number, seed: number): Pixels {
  const { data } = scene(width, height, seed);
  const opaque = { width, height, channels: 4, data: new Float32Array(4 * width * height).fill(1) };
  return toPixels(data, opaque);
}

describe("mseitzer/srgan's generator from its checkpoint", () => {
  it('computes as in PyTorch', async () => {
    const { x, y } = JSON.parse(readFileSync(fixture('figures.json'), 'utf8')) as Record<
      'x' | 'y',
      { dims: number[]; data: number[] }
    >;
    const [, , height, width] = x.dims as [number, number, number, number];
    const image = { width, height, channels: 3, data: Float32Array.from(x.data) };
    expect(relativeError((await floats(image)).data, y.data)).toBeLessThanOrEqual(1e-5);
  });

  it('sees as far as its kernels reach', () => {
    // 9x9 head, two blocks of two 3x3, one 3x3; then 3x3 at 1x and at 2x, 9x9 at 4x.
    const [trunk, tail] = model.stages.map((stage) => marginOf(stage.graph(40, 40)));
    expect(trunk).toEqual({ before: 4 + 4 + 1, after: 4 + 4 + 1 });
    expect(tail).toEqual({ before: 3, after: 3 });
  });

  it('refuses a network that does not enlarge', () => {
    const features = readFileSync(new URL('../../public/models/lite-vgg.onnx', import.meta.url));
    expect(() => Upscaler.parse(features)).toThrow(/does not enlarge/);
  });
});

describe('tiles', () => {
  it('cover a line without gap or overlap, each as far inside its window as the network sees', () => {
    const next = random(11);
    const draw = (from: number, to: number) => from + Math.floor(next() * (to - from));
    for (let round = 0; round < 500; round++) {
      const margin = { before: draw(0, 9), after: draw(0, 9) };
      const size = draw(1, 200);
      const tile = Math.min(size, draw(margin.before + margin.after + 1, 60));
      const all = { from: 0, to: size };
      let at = 0;
      for (const { read, core } of windowsAlong(size, all, all, tile, margin)) {
        expect(core.from).toBe(at);
        expect(core.to).toBeGreaterThan(core.from);
        expect([read.from >= 0, read.to <= size, read.to - read.from]).toEqual([true, true, tile]);
        expect(read.from === 0 || core.from - read.from >= margin.before).toBe(true);
        expect(read.to === size || read.to - core.to >= margin.after).toBe(true);
        at = core.to;
      }
      expect(at).toBe(size);
    }
  });

  it('leave no seam', async () => {
    const image = scene(61, 50, 4);
    const untiled = await floats(image);
    expect(untiled.tiles).toBe(1);
    for (const tile of [25, 32, 47]) {
      const tiled = await floats(image, { tile });
      expect(tiled.tiles).toBeGreaterThan(3);
      expect([tile, worst(tiled.data, untiled.data)]).toEqual([tile, expect.closeTo(0, 5)]);
    }
    // What a cut without overlap would do.
    const half = { width: 30, height: 50, channels: 3, data: new Float32Array(3 * 50 * 30) };
    half.data.forEach((_, i) => {
      half.data[i] = image.data[Math.floor(i / 30) * 61 + (i % 30)]!;
    });
    const alone = (await floats(half)).data;
    const beside = alone.map((_, i) => untiled.data[Math.floor(i / 120) * 244 + (i % 120)]!);
    expect(worst(alone, beside)).toBeGreaterThan(1e-3);
  });

  it('are as small as the device asks', async () => {
    const image = scene(48, 40, 5);
    const untiled = await floats(image);
    // Room for a tensor of a fifth of the picture.
    const maxTensorBytes = (20 * 4 * 4 * 4 * 48 * 40) / 5;
    const tiled = await floats(image, {}, limited(maxTensorBytes));
    expect(tiled.tiles).toBeGreaterThan(1);
    expect(worst(tiled.data, untiled.data)).toBeLessThanOrEqual(1e-4);
    await expect(floats(image, {}, limited(1000))).rejects.toThrow(/more memory for one tile/);
    await expect(floats(image, { tile: 24 })).rejects.toThrow(/less than this network sees/);
  });
});

describe('upscale', () => {
  it('reports its progress and keeps an opaque picture opaque', async () => {
    const seen: number[] = [];
    const { image, scale } = await upscale(
      runtime,
      { image: picture(40, 33, 1), model },
      { tile: 30, onProgress: ({ done, total }) => seen.push(done / total) },
    );
    expect([scale, image.width, image.height]).toEqual([4, 160, 132]);
    expect(seen[0]).toBe(0);
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(image.data.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
    expect(runtime.counters).toMatchObject({ sessions: 0, buffers: 0 });
  });

  it('stops at once and lets go of everything', async () => {
    const abort = new AbortController();
    const running = upscale(
      runtime,
      { image: picture(60, 60, 2), model },
      { tile: 26, signal: abort.signal, onProgress: ({ done }) => done === 2 && abort.abort() },
    );
    await expect(running).rejects.toMatchObject({ kind: 'cancelled', name: 'AbortError' });
    expect(runtime.counters.sessions).toBe(0);
    const early = upscale(runtime, { image: picture(9, 9, 2), model }, { signal: abort.signal });
    await expect(early).rejects.toMatchObject({ kind: 'cancelled' });
  });

  it('keeps alpha, and does not see the colours of what is transparent', async () => {
    const cut = (hidden: number): Pixels => {
      const image = picture(24, 20, 3);
      for (let i = 0; i < 24 * 20; i++) {
        if (i % 24 < 12) continue;
        image.data.fill(hidden, 4 * i, 4 * i + 3);
        image.data[4 * i + 3] = 0;
      }
      return image;
    };
    const [dark, light] = await Promise.all(
      [0, 255].map((hidden) => upscale(runtime, { image: cut(hidden), model })),
    );
    expect(light!.image.data).toEqual(dark!.image.data);
    const alpha = (x: number) => dark!.image.data[4 * (40 * 96 + x) + 3]!;
    expect([alpha(0), alpha(40), alpha(56), alpha(95)]).toEqual([255, 255, 0, 0]);
    expect(alpha(48)).toBeGreaterThan(0);
  });

  it.each([
    [1, 1],
    [3, 20],
    [20, 2],
  ])('enlarges a picture of %i x %i', async (width, height) => {
    const { image } = await upscale(runtime, { image: picture(width, height, 6), model });
    expect([image.width, image.height]).toEqual([4 * width, 4 * height]);
    expect(new Set(image.data).size).toBeGreaterThan(3);
  });

  it('refuses what is no picture, and a result beyond all measure', async () => {
    const none = { width: 3, height: 3, data: new Uint8ClampedArray(4) };
    await expect(upscale(runtime, { image: none, model })).rejects.toThrow(/not a picture/);
    const side = 4097;
    const huge = { width: side, height: side, data: new Uint8ClampedArray(4 * side * side) };
    await expect(upscale(runtime, { image: huge, model })).rejects.toThrow(
      /would be 16388 x 16388/,
    );
  });
});
