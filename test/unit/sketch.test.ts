import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { makeSettings, type StyleSettings } from '../../shared/settings.ts';
import { openSketch } from '../../tools/library.ts';
import { wasmRuntime } from '../../tools/host.ts';
import {
  CancelledError,
  InvalidModelError,
  InvalidRequestError,
  MaskError,
} from '../../web/engine/errors.ts';
import { SketchNetwork } from '../../web/engine/networks/sketch.ts';
import { toPlanes, type Pixels, type Planes } from '../../web/engine/pipeline/pixels.ts';
import { sketch, type SketchRequest } from '../../web/engine/pipeline/sketch.ts';
import { firstImage, type Beginning } from '../../web/engine/pipeline/start.ts';
import type { Region } from '../../web/engine/pipeline/regions/regions.ts';
import { mixManners, Sketcher } from '../../web/engine/pipeline/sketcher.ts';
import { stylize, type StylizeRequest } from '../../web/engine/pipeline/stylize.ts';
import { relativeError } from '../support/numbers.ts';
import { picture } from '../support/scenes.ts';

const MODELS = fileURLToPath(new URL('../../public/models', import.meta.url));
const models = await openSketch(MODELS, 'lite-sketch');
const runtime = wasmRuntime(1);

interface Listed {
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

// PyTorch's figures: test/fixtures/sketch/make.py.
const figures = JSON.parse(
  readFileSync(new URL('../fixtures/sketch/figures.json', import.meta.url), 'utf8'),
) as Record<'content' | 'style' | 'sketch', Listed> &
  Record<'means' | 'covariances', readonly Listed[]>;

const planes = ({ dims, data }: Listed): Planes => ({
  width: dims[3]!,
  height: dims[2]!,
  channels: 3,
  data: Float32Array.from(data),
});

afterEach(() => expect(runtime.counters).toMatchObject({ sessions: 0, buffers: 0 }));

async function withSketcher<T>(act: (sketcher: Sketcher) => Promise<T>): Promise<T> {
  const sketcher = new Sketcher(runtime, models);
  try {
    return await act(sketcher);
  } finally {
    sketcher.dispose();
  }
}

describe('the sketch network', () => {
  it('sees and paints what PyTorch does', () =>
    withSketcher(async (sketcher) => {
      const study = await sketcher.study(planes(figures.content));
      study.manner.levels.forEach(({ size, mean, covariance }, i) => {
        expect(relativeError(mean, figures.means[i]!.data)).toBeLessThan(1e-4);
        const variances = Float64Array.from(
          { length: size },
          (_, k) => covariance[k * (size + 1)]!,
        );
        expect(relativeError(variances, figures.covariances[i]!.data)).toBeLessThan(1e-4);
      });
      const { manner } = await sketcher.study(planes(figures.style));
      const painted = await sketcher.paint(study, manner);
      expect(relativeError(painted.data, figures.sketch.data)).toBeLessThan(1e-3);
    }));

  it('is ready to paint before there is a style', () =>
    withSketcher(async (sketcher) => {
      const study = await sketcher.study(planes(figures.content));
      await sketcher.prepare(study);
      const { sessions } = runtime.counters;
      await sketcher.paint(study, study.manner);
      expect([sessions, runtime.counters.sessions]).toEqual([2, 2]);
    }));

  it('gives back the photograph at strength 0, and goes steadily from there', () =>
    withSketcher(async (sketcher) => {
      const content = planes(figures.content);
      const study = await sketcher.study(content);
      const { manner } = await sketcher.study(planes(figures.style));
      const away = [];
      for (const strength of [0, 0.5, 1]) {
        const { data } = await sketcher.paint(study, manner, strength);
        away.push(relativeError(data, content.data));
      }
      expect(away[0]).toBeLessThan(0.4);
      expect(away[1]).toBeGreaterThan(away[0]!);
      expect(away[2]).toBeGreaterThan(away[1]!);
    }));

  it('takes a mixture of one for that one', () =>
    withSketcher(async (sketcher) => {
      const { manner } = await sketcher.study(planes(figures.style));
      const mixed = mixManners([
        { manner, weight: 3 },
        { manner, weight: 1 },
      ]);
      expect(relativeError(mixed.levels[0]!.covariance, manner.levels[0]!.covariance)).toBeLessThan(
        1e-9,
      );
    }));

  it('refuses a file that is no sketch', () => {
    const file = readFileSync(new URL('../../public/models/lite-vgg.onnx', import.meta.url));
    expect(() => SketchNetwork.parse(file)).toThrow(InvalidModelError);
  });
});

describe('sketch()', () => {
  const style = { pixels: picture(40, 30, 1), weight: 1 };

  it('paints any size, alpha kept', async () => {
    const content = picture(37, 21, 2);
    for (let i = 0; i < 50; i++) content.data[4 * i + 3] = 5 * i;
    const out = await sketch(runtime, { content, styles: [style], models, size: 37 });
    expect([out.width, out.height]).toEqual([37, 21]);
    const alpha = ({ data }: Pixels) => data.filter((_, i) => i % 4 === 3);
    expect(alpha(out)).toEqual(alpha(content));
    const small = await sketch(runtime, { content, styles: [style, style], models, size: 16 });
    expect([small.width, small.height]).toEqual([16, 9]);
  });

  it('has the colours of the style', async () => {
    const content = picture(48, 48, 2);
    const out = await sketch(runtime, { content, styles: [style], models, size: 48 });
    const mean = (pixels: Pixels, c: number) => {
      const { width, height, data } = toPlanes(pixels);
      const area = width * height;
      return data.subarray(c * area, (c + 1) * area).reduce((sum, x) => sum + x, 0) / area;
    };
    for (let c = 0; c < 3; c++)
      expect(Math.abs(mean(out, c) - mean(style.pixels, c))).toBeLessThan(0.03);
  });

  describe('with colours of', () => {
    const content = picture(48, 32, 2);
    const mean = ({ width, height, data }: Planes, c: number) =>
      data.subarray(c * width * height, (c + 1) * width * height).reduce((sum, x) => sum + x, 0) /
      (width * height);
    const draw = async (colours: StyleSettings['colours']) =>
      toPlanes(
        await sketch(runtime, { content, styles: [style], models, size: 48, strength: 1, colours }),
      );

    it('the photo: its palette, in the manner of the style', async () => {
      const painted = await draw('photo');
      const photo = toPlanes(content);
      for (let c = 0; c < 3; c++)
        expect(Math.abs(mean(painted, c) - mean(photo, c))).toBeLessThan(0.03);
      expect(relativeError(painted.data, photo.data)).toBeGreaterThan(0.1);
    });

    it('the luminance alone: each pixel keeps its hue', async () => {
      const painted = await draw('luminance');
      const photo = toPlanes(content);
      const area = 48 * 32;
      const chroma = ({ data }: Planes, i: number) => {
        const [r, g, b] = [data[i]!, data[area + i]!, data[2 * area + i]!];
        const luma = 0.299 * r + 0.587 * g + 0.114 * b;
        return [r - luma, g - luma, b - luma];
      };
      for (let i = 0; i < area; i += 7) {
        const [own, now] = [chroma(photo, i), chroma(painted, i)];
        const along = own.reduce((sum, value, c) => sum + value * now[c]!, 0);
        const across = Math.hypot(...own) * Math.hypot(...now);
        expect(along).toBeGreaterThan(across - 2e-3);
      }
    });

    it('the style to the letter: what it is anyway', async () => {
      expect((await draw('palette')).data).toEqual((await draw('style')).data);
    });
  });

  describe('with a mask', () => {
    const content = picture(64, 48, 2);
    const styles = [style, { pixels: picture(36, 36, 5), weight: 3 }];
    /** By thirds: left alone, the first style, the second. */
    const labels = Uint8Array.from({ length: 64 * 48 }, (_, i) => Math.floor((i % 64) / 21.4));
    const mask = { width: 64, height: 48, labels };
    const draw = async (request: Partial<SketchRequest>) =>
      toPlanes(
        await sketch(runtime, { ...{ content, styles, models, size: 64, mask }, ...request }),
      );
    /** The columns in the middle of a third. */
    const middle = ({ data }: Planes, third: number) =>
      data.filter((_, i) => Math.abs((i % 64) - 10 - 21.4 * third) < 6);

    it.each(['style', 'palette', 'photo', 'luminance'] as const)(
      'each style has its region, and what is left alone stays: colours of %s',
      async (colours) => {
        const painted = await draw({ colours });
        expect(middle(painted, 0)).toEqual(middle(toPlanes(content), 0));
        for (const [third, one] of [1, 2].map((place) => [place, styles[place - 1]!] as const)) {
          const all = { ...mask, labels: labels.map(() => 1) };
          const alone = await draw({ colours, styles: [one], mask: all });
          expect(relativeError(middle(painted, third), [...middle(alone, third)])).toBeLessThan(
            1e-6,
          );
        }
      },
    );

    it('keeps to it at other sizes, and refuses one of another shape', async () => {
      const small = await sketch(runtime, { content, styles, models, size: 32, mask });
      const photo = await sketch(runtime, { content, styles, models, size: 32 });
      expect([small.width, small.height]).toEqual([32, 24]);
      expect(small.data).not.toEqual(photo.data);
      const square = { width: 8, height: 8, labels: new Uint8Array(64).fill(1) };
      await expect(draw({ mask: square })).rejects.toThrow(MaskError);
    });
  });

  it('stops when it is cancelled, and refuses what is no picture', async () => {
    const content = picture(24, 24, 2);
    const request = { content, styles: [style], models, size: 24 };
    await expect(sketch(runtime, request, AbortSignal.abort())).rejects.toThrow(CancelledError);
    await expect(sketch(runtime, { ...request, styles: [] })).rejects.toThrow(InvalidRequestError);
  });
});

describe('a run', () => {
  const run = (init: StyleSettings['init'], request: Partial<StylizeRequest> = {}) =>
    stylize(runtime, {
      content: picture(48, 36, 2),
      styles: [{ pixels: picture(40, 48, 1), weight: 1 }],
      network: models.encoder,
      settings: makeSettings('default', { size: 48, steps: 2, init }),
      ...request,
    });

  it('begins nearer to the style from the sketch, and from the photo where nothing sketches', async () => {
    const [photo, sketched] = [await run('content'), await run('sketch', { sketch: models })];
    expect(sketched.losses[0]!.total).toBeLessThan(0.6 * photo.losses[0]!.total);
    const without = await run('sketch');
    expect(without.image.data).toEqual(photo.image.data);
    expect(makeSettings('default').init).toBe('sketch');
  });

  it('begins in each region with the sketch in its style, larger than a sketch is painted too', async () => {
    const [width, height] = [600, 40];
    const content = toPlanes(picture(width, height, 2));
    const styles = [1, 5].map((seed) => ({ planes: toPlanes(picture(40, 40, seed)), weight: 1 }));
    const half = (style: number): Region => {
      const data = Float32Array.from({ length: width * height }, (_, i) =>
        Number(i % width < width / 2 === (style === 0)),
      );
      return { style, cover: { width, height, channels: 1, data }, share: 0.5 };
    };
    const begin = (given: Partial<Beginning>) =>
      firstImage(runtime, makeSettings('default'), {
        ...{ content, styles, network: models.encoder, sketch: models },
        ...given,
      });
    const both = await begin({ regions: [half(0), half(1)] });
    for (const style of [0, 1]) {
      const alone = await begin({ styles: [styles[style]!] });
      const own = (_: number, i: number) => i % width < width / 2 === (style === 0);
      expect(both.filter(own)).toEqual(alone.filter(own));
    }
  });
});
