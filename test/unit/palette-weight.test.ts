import { describe, expect, it } from 'vitest';
import { makeSettings, type StyleSettings } from '../../shared/settings.ts';
import { wasmRuntime } from '../../tools/host.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import { chooseLayers } from '../../web/engine/pipeline/layers.ts';
import { makeObjective } from '../../web/engine/pipeline/objective.ts';
import { paletteOf } from '../../web/engine/pipeline/palette.ts';
import { toPlanes, type Planes } from '../../web/engine/pipeline/pixels.ts';
import { stylize } from '../../web/engine/pipeline/stylize.ts';
import { measureTargets } from '../../web/engine/pipeline/targets.ts';
import { smallNetwork } from '../support/networks.ts';
import { picture, scene } from '../support/scenes.ts';

const runtime = wasmRuntime(1);
const network = smallNetwork('replicate');
const [WIDTH, HEIGHT] = [40, 30];
const AREA = WIDTH * HEIGHT;

/** Total variation and the photo left out, so that the total is the style's. */
async function totalOf(image: Planes, style: Planes, changes: Partial<StyleSettings>) {
  const settings = makeSettings('default', { tvWeight: 0, contentWeight: 0, ...changes });
  const layers = chooseLayers(network, settings);
  const content = scene(WIDTH, HEIGHT, 2);
  const styles = [{ planes: style, weight: 1 }];
  const targets = await measureTargets(runtime, network, layers, settings, content, styles);
  const b = new GraphBuilder();
  const x = b.input('x', [1, 3, HEIGHT, WIDTH]);
  b.output(makeObjective(network, layers, targets, settings)(b, x).parts, 'parts');
  const x0 = image.data.map((value) => value * settings.pixelRange);
  const { parts } = await runtime.evaluate(b.build(), { x: x0 });
  return parts![0]!;
}

describe('the weight of the palette', () => {
  const style = scene(WIDTH, HEIGHT, 1);
  /** The style's colours by x → 0.7 x + 0.1: deviations, all of them, times 0.7. */
  const image = { ...style, data: style.data.map((value) => 0.7 * value + 0.1) };

  it.each<[string, Partial<StyleSettings>]>([
    ['as it is by default', {}],
    ['0..255', { pixelRange: 255 }],
    ['layers added up', { layerSum: 'sum', styleWeight: 3 }],
    ['layers by name', { styleLayers: [{ tap: 'c', weight: 2 }] }],
  ])('adds so much of the Wasserstein distance of colours to the loss: %s', async (_, changes) => {
    const weight = 8;
    const less = await totalOf(image, style, { ...changes, paletteWeight: 0 });
    const more = await totalOf(image, style, { ...changes, paletteWeight: weight });
    const [from, to] = [image, style].map(({ data }) => paletteOf(data, AREA)) as [
      ReturnType<typeof paletteOf>,
      ReturnType<typeof paletteOf>,
    ];
    const means = from.mean.reduce((sum, value, c) => sum + (value - to.mean[c]!) ** 2, 0);
    const variance = to.covariance.reduce((sum, row, c) => sum + row[c]!, 0);
    // For a map by one factor the distance of deviations is that of the factors.
    const distance = means + (1 - 0.7) ** 2 * variance;
    // The photo's mean is brought to 0.6, and a layer's distance is divided by its channels.
    const photo = scene(WIDTH, HEIGHT, 2).data;
    const unit = 0.6 / (photo.reduce((sum, value) => sum + value, 0) / photo.length);
    const settings = makeSettings('default', changes);
    const count = chooseLayers(network, { ...settings, paletteWeight: 0 }).style.length;
    const share = settings.styleWeight / (settings.layerSum === 'mean' ? count : 1);
    const wanted = (share * weight * unit ** 2 * distance) / 3;
    // Variances are a little larger by what keeps roots well defined.
    expect((more - less) / wanted).toBeCloseTo(1, 2);
  });

  it('brings the colours of a picture nearer to the style, smoothed or not', async () => {
    const paint = async (paletteWeight: number) => {
      const { image: painted } = await stylize(runtime, {
        content: picture(WIDTH, HEIGHT, 2),
        styles: [{ pixels: picture(WIDTH, HEIGHT, 1), weight: 1 }],
        network,
        settings: makeSettings('default', {
          size: WIDTH,
          steps: 30,
          init: 'content',
          paletteWeight,
        }),
      });
      return paletteOf(toPlanes(painted).data, AREA);
    };
    const wanted = paletteOf(toPlanes(picture(WIDTH, HEIGHT, 1)).data, AREA);
    const far = ({ mean, covariance }: typeof wanted) =>
      Math.hypot(
        ...mean.map((value, c) => value - wanted.mean[c]!),
        ...covariance.flatMap((row, c) => row.map((value, d) => value - wanted.covariance[c]![d]!)),
      );
    expect(far(await paint(16))).toBeLessThan(0.8 * far(await paint(0)));
  });

  it('is nothing where a loss cannot tell colours', () => {
    const taps = (changes: Partial<StyleSettings>) =>
      chooseLayers(network, makeSettings('default', changes)).style.length;
    expect(taps({})).toBe(taps({ paletteWeight: 0 }) + 1);
    expect(taps({ styleLossKind: 'swag' })).toBe(taps({ paletteWeight: 0 }));
  });
});
