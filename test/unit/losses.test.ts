import { describe, expect, it } from 'vitest';
import { makeSettings } from '../../shared/settings.ts';
import { wasmRuntime } from '../../tools/host.ts';
import { gradient } from '../../web/engine/autodiff/gradient.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import type { Value } from '../../web/engine/graph/graph.ts';
import { float32 } from '../../web/engine/graph/tensor.ts';
import {
  CONTENT_LOSSES,
  STYLE_LOSSES,
  type LayerContext,
  type StyleLoss,
} from '../../web/engine/losses/index.ts';
import { leadingDirections } from '../../web/engine/losses/root.ts';
import { normal, random } from '../../web/engine/random.ts';
import { relativeError } from '../support/numbers.ts';

const runtime = wasmRuntime(1);
const context: LayerContext = { settings: makeSettings('default'), unit: 1 };
const [C, H, W] = [5, 6, 8];

const activations = (seed: number): Float32Array => {
  const gauss = normal(random(seed));
  return Float32Array.from({ length: C * H * W }, () => Math.max(0, gauss() + 0.5));
};

/** The arrays of what `write` makes. */
async function evaluate(write: (b: GraphBuilder) => readonly Value[]): Promise<Float32Array[]> {
  const b = new GraphBuilder();
  const outputs = write(b).map((value, i) => b.output(b.reshape(value, [-1]), `out${i}`));
  const arrays = await runtime.evaluate(b.build(), {});
  return outputs.map(({ name }) => arrays[name]!);
}

const layer = (b: GraphBuilder, seed: number) =>
  b.initializer(float32([1, C, H, W], activations(seed)));

/** 1 on the left half, 0 on the right. */
const leftHalf = (b: GraphBuilder) =>
  b.initializer(
    float32(
      [1, 1, H, W],
      Array.from({ length: H * W }, (_, i) => +(i % W < W / 2)),
    ),
  );

const few: LayerContext = { ...context, settings: makeSettings('default', { directions: 2 }) };

const styles = Object.entries<StyleLoss>(STYLE_LOSSES);
const tiled = styles.filter(([, loss]) => loss.tiled);

describe.each(tiled)("the style loss %s's sums", (_name, loss) => {
  const total = (b: GraphBuilder, parts: readonly (readonly Value[])[]) =>
    parts.reduce((sum, part) => sum.map((value, i) => b.add(value, part[i]!)));

  it('add up over tiles', async () => {
    const whole = await evaluate((b) => loss.sums(b, layer(b, 1), context));
    const tiles = await evaluate((b) => {
      const x = layer(b, 1);
      const cut = (from: number, to: number) =>
        loss.sums(b, b.slice(x, [3], [from], [to]), context);
      return total(b, [cut(0, 3), cut(3, W)]);
    });
    whole.forEach((sum, i) => expect(relativeError(tiles[i]!, sum)).toBeLessThan(1e-6));
  });

  it('count positions by their weights', async () => {
    const weighted = await evaluate((b) => loss.sums(b, layer(b, 1), context, leftHalf(b)));
    const cut = await evaluate((b) =>
      loss.sums(b, b.slice(layer(b, 1), [3], [0], [W / 2]), context),
    );
    cut.forEach((sum, i) => expect(relativeError(weighted[i]!, sum)).toBeLessThan(1e-6));
  });
});

/** Of an image and a style, each by its seed. */
async function between(
  loss: StyleLoss,
  image: number,
  style: number,
  of: LayerContext,
): Promise<number> {
  const statistics = (b: GraphBuilder, seed: number) =>
    loss.statistics(b, loss.sums(b, layer(b, seed), of), H * W, of);
  const outlines = statistics(new GraphBuilder(), style);
  const measured = await evaluate((b) => statistics(b, style));
  const [found] = await evaluate((b) => {
    const wanted = measured.map((values, i) => b.initializer(float32(outlines[i]!.dims, values)));
    return [loss.compare(b, statistics(b, image), loss.target(b, wanted, of), of)];
  });
  return found![0]!;
}

describe.each(styles)('the style loss %s', (_name, loss) => {
  it('is nothing between a picture and itself, and something between two', async () => {
    const apart = await between(loss, 1, 2, context);
    expect(apart).toBeGreaterThan(0);
    expect(Math.abs(await between(loss, 1, 1, context))).toBeLessThan(1e-5 * apart);
  });
});

describe('Wasserstein over few directions', () => {
  const loss = STYLE_LOSSES.wasserstein;
  const distance = (image: number, style: number, of: LayerContext) =>
    between(loss, image, style, of);

  it('is nothing at the style, and at most what it is over all', async () => {
    const [all, some] = [await distance(1, 2, context), await distance(1, 2, few)];
    expect(Math.abs(await distance(1, 1, few))).toBeLessThan(1e-4 * some);
    expect(some).toBeLessThanOrEqual(all);
    expect(some).toBeGreaterThan(0.2 * all);
  });

  it('takes the leading directions', () => {
    // Variances 9, 4, 1, 1/4 along the axes.
    const variances = [1, 9, 0.25, 4];
    const matrix = new Float32Array(16);
    variances.forEach((value, i) => (matrix[5 * i] = value));
    const basis = leadingDirections(matrix, 4, 2);
    const lengths = variances.map((_, i) => Math.hypot(basis[2 * i]!, basis[2 * i + 1]!));
    [0, 1, 0, 1].forEach((length, i) => expect(lengths[i]).toBeCloseTo(length, 1));
    const [[a, c], [d, e]] = [0, 1].map((i) =>
      [0, 1].map((j) =>
        [0, 1, 2, 3].reduce((sum, row) => sum + basis[2 * row + i]! * basis[2 * row + j]!, 0),
      ),
    ) as [[number, number], [number, number]];
    [a, c, d, e].forEach((value, i) => expect(value).toBeCloseTo([1, 0, 0, 1][i]!, 4));
  });
});

describe('Wasserstein where all positions are alike', () => {
  const loss = STYLE_LOSSES.wasserstein;
  const side = 256;
  const levels = (from: number) => Float32Array.from({ length: 48 }, (_, c) => from + c / 7);
  /** Activations of one value a channel, as an image of one colour has them. */
  const flat = (b: GraphBuilder, values: Float32Array) =>
    b.mul(
      b.initializer(float32([1, values.length, 1, 1], values)),
      b.initializer(float32([1, 1, side, side], new Float32Array(side * side).fill(1))),
    );
  /** The distance, and its gradient at the first position. */
  async function apart(image: Float32Array, style: Float32Array, directions: number) {
    const of: LayerContext = { ...context, settings: makeSettings('default', { directions }) };
    const statistics = (b: GraphBuilder, x: Value) =>
      loss.statistics(b, loss.sums(b, x, of), side * side, of);
    const outlines = statistics(new GraphBuilder(), flat(new GraphBuilder(), style));
    const measured = await evaluate((b) => statistics(b, flat(b, style)));
    return evaluate((b) => {
      const x = flat(b, image);
      const wanted = measured.map((values, i) => b.initializer(float32(outlines[i]!.dims, values)));
      const distance = loss.compare(b, statistics(b, x), loss.target(b, wanted, of), of);
      const [slope] = gradient(b, distance, [x]);
      return [distance, b.slice(slope!, [2, 3], [0, 0], [1, 1])];
    });
  }

  it.each([0, 8])('is nothing at itself, with %i directions', async (directions) => {
    const [distance, slope] = await apart(levels(1), levels(1), directions);
    expect(Math.abs(distance![0]!)).toBeLessThan(0.01);
    for (const one of slope!) expect(Math.abs(one) * side * side * 48).toBeLessThan(0.1);
  });

  it.each([0, 8])('is that of the means, with %i directions', async (directions) => {
    const [distance, slope] = await apart(levels(1), levels(2), directions);
    expect(distance![0]).toBeCloseTo(1, 1);
    for (const one of slope!) expect((one * side * side * 48) / -2).toBeCloseTo(1, 1);
  });
});

describe.each(Object.entries(CONTENT_LOSSES))('the content loss %s', (_name, loss) => {
  it('counts positions by their weights, which add up', async () => {
    const [whole, left, right] = await evaluate((b) => {
      const [seen, target] = [1, 2].map((seed) => loss.seen(b, layer(b, seed), context));
      const half = leftHalf(b);
      return [undefined, half, b.sub(1, half)].map((weights) =>
        loss.sum(b, seen!, target!, weights),
      );
    });
    expect(left![0]).toBeGreaterThan(0);
    expect((left![0]! + right![0]!) / whole![0]!).toBeCloseTo(1, 5);
  });
});
