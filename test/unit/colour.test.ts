import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeSettings } from '../../shared/settings.ts';
import { wasmRuntime } from '../../tools/host.ts';
import { greyed, matchedTo, recoloured } from '../../web/engine/pipeline/colour.ts';
import { planColours } from '../../web/engine/pipeline/colourPlan.ts';
import { paletteOf } from '../../web/engine/pipeline/palette.ts';
import { toPlanes, type Pixels, type Planes } from '../../web/engine/pipeline/pixels.ts';
import { stylize } from '../../web/engine/pipeline/stylize.ts';
import { importNetwork } from '../support/oracle.ts';
import { picture, scene } from '../support/scenes.ts';

const CONTENT = picture(40, 30, 1);

/** Y, I and Q (NTSC), 0..1. */
const yiq = (r: number, g: number, b: number) => [
  0.299 * r + 0.587 * g + 0.114 * b,
  0.596 * r - 0.274 * g - 0.322 * b,
  0.211 * r - 0.523 * g + 0.312 * b,
];
const yiqOf = ({ data }: Pixels) =>
  Array.from({ length: data.length / 4 }, (_, i) =>
    yiq(data[4 * i]! / 255, data[4 * i + 1]! / 255, data[4 * i + 2]! / 255),
  );
const difference = (a: number[][], b: number[][], channel: number) =>
  a.reduce((sum, row, i) => sum + Math.abs(row[channel]! - b[i]![channel]!), 0) / a.length;

/** Largest difference of mean and covariance. */
function paletteError(a: Planes, b: Planes): number {
  const [left, right] = [a, b].map(({ data, width, height }) => {
    const { mean, covariance } = paletteOf(data, width * height);
    return [...mean, ...covariance.flat()];
  });
  return Math.max(...left!.map((value, i) => Math.abs(value - right![i]!)));
}

describe("the photo's colours", () => {
  it('stay in the result and in every preview, while the luminance is repainted', async () => {
    const previews: Pixels[] = [];
    const result = await stylize(
      wasmRuntime(1),
      {
        content: CONTENT,
        styles: [{ pixels: picture(36, 36, 2), weight: 1 }],
        network: importNetwork(
          'vgg19',
          fileURLToPath(new URL('../fixtures/presets/network.safetensors', import.meta.url)),
        ),
        settings: makeSettings('default', { size: 40, steps: 20, scales: 1, colours: 'luminance' }),
      },
      { previewEvery: 1e-6, onProgress: ({ preview }) => preview && previews.push(preview) },
    );
    const before = yiqOf(CONTENT);
    expect(previews.length).toBeGreaterThan(1);
    for (const image of [result.image, previews.at(-1)!]) {
      const after = yiqOf(image);
      expect(difference(before, after, 0)).toBeGreaterThan(0.03);
      expect(difference(before, after, 1)).toBeLessThan(0.01);
      expect(difference(before, after, 2)).toBeLessThan(0.01);
    }
    expect(result.losses.at(-1)!.total).toBeLessThan(0.9 * result.losses[0]!.total);
  });

  it('give way to the exact palette of the style, where that was asked for', async () => {
    const style = picture(36, 36, 2);
    const paint = async (colours: 'style' | 'palette') => {
      const { image } = await stylize(wasmRuntime(1), {
        content: CONTENT,
        styles: [{ pixels: style, weight: 1 }],
        network: importNetwork(
          'vgg19',
          fileURLToPath(new URL('../fixtures/presets/network.safetensors', import.meta.url)),
        ),
        settings: makeSettings('default', { size: 40, steps: 12, scales: 1, colours }),
      });
      return paletteError(toPlanes(image), toPlanes(style));
    };
    const corrected = await paint('palette');
    expect(corrected).toBeLessThan(0.5 * (await paint('style')));
    // Colours cut off at black and white are all that is between them.
    expect(corrected).toBeLessThan(0.02);
  });

  it('are given to every style before it is looked at, where that was asked for', () => {
    const photo = toPlanes(CONTENT);
    const styles = [2, 3].map((seed) => ({ planes: scene(30, 20, seed), weight: 1 }));
    const plan = planColours('photo', photo, styles);
    plan.styles.forEach(({ planes }, i) =>
      expect(paletteError(planes, photo)).toBeLessThan(
        0.3 * paletteError(styles[i]!.planes, photo),
      ),
    );
    expect(plan.seen).toBe(photo);
    expect(plan.shown(photo.data, photo)).toBe(photo.data);
  });

  it('keep their hue where they are too bright for the new luminance', () => {
    const red = { width: 1, height: 1, channels: 3, data: Float32Array.of(0.8, 0.2, 0.2) };
    const [r, g, b] = recoloured(Float32Array.of(0.9, 0.9, 0.9), red);
    expect(0.299 * r! + 0.587 * g! + 0.114 * b!).toBeCloseTo(0.9, 6);
    expect(r).toBeCloseTo(1, 6);
    expect(g).toBeCloseTo(b!, 6);
    expect(g).toBeLessThan(r!);
  });

  it('leave what they were made of as it is', () => {
    const content = scene(12, 9, 3);
    recoloured(content.data, content).forEach((value, i) =>
      expect(value).toBeCloseTo(content.data[i]!, 5),
    );
  });

  it("meet a style whose luminance has the content's mean and spread", () => {
    const grey = (seed: number) => greyed(scene(30, 20, seed));
    const [content, style] = [grey(1), grey(2)];
    const stats = ({ data }: { data: Float32Array }) => {
      const y = Array.from(data.subarray(0, 600));
      const mean = y.reduce((sum, x) => sum + x, 0) / y.length;
      return [mean, Math.sqrt(y.reduce((sum, x) => sum + (x - mean) ** 2, 0) / y.length)];
    };
    // Some tones are cut off at black and white.
    stats(matchedTo(content, style)).forEach((value, i) =>
      expect(Math.abs(value - stats(content)[i]!)).toBeLessThan(0.01),
    );
    expect(Math.abs(stats(style)[1]! - stats(content)[1]!)).toBeGreaterThan(0.01);
  });
});
