import { describe, expect, it } from 'vitest';
import { makeSettings } from '../../shared/settings.ts';
import { wasmRuntime } from '../../tools/host.ts';
import { readPicture } from '../../tools/pictures.ts';
import { rgbOf, toPixels, toPlanes, type Pixels } from '../../web/engine/pipeline/pixels.ts';
import { resample } from '../../web/engine/pipeline/resample.ts';
import { stylize } from '../../web/engine/pipeline/stylize.ts';
import { dataFile, importNetwork, missing, reference } from '../support/oracle.ts';

const WEIGHTS = 'weights/vgg19.safetensors';
const CONTENT = 'images/pairs/content_tubingen.jpg';
const STYLE = 'images/pairs/style_starry_night.jpg';
const SIZE = 128;
const EVALUATIONS = 100;

async function square(name: string): Promise<Pixels> {
  const planes = resample(toPlanes(await readPicture(dataFile(name)!)), SIZE, SIZE);
  return toPixels(planes.data, planes);
}

/** Feature scale of the original weights (0..255, no division) against torchvision's, for which the preset was written. */
const UNITS = 57;

const WEIGHTINGS = [
  { name: 'as it is', changes: {} },
  {
    name: "in torchvision's units",
    changes: { contentWeight: 1 / UNITS ** 2, styleWeight: 1e6 / UNITS ** 4 },
  },
];

describe("the tutorial preset against PyTorch's own loop", () => {
  const why = missing(WEIGHTS, CONTENT, STYLE);
  const suffix = why ? ` (skipped: ${why})` : '';
  it.skipIf(why).each(WEIGHTINGS)(
    `VGG19, ${SIZE} px, ${EVALUATIONS} evaluations, $name${suffix}`,
    async ({ changes }) => {
      const file = dataFile(WEIGHTS)!;
      const [content, style] = [await square(CONTENT), await square(STYLE)];
      const settings = makeSettings('tutorial', { size: SIZE, steps: EVALUATIONS, ...changes });
      const figures = (pixels: Pixels) => ({
        dims: [1, 3, SIZE, SIZE],
        data: rgbOf(toPlanes(pixels)),
      });
      const weights = [EVALUATIONS, settings.contentWeight, settings.styleWeight].map(String);
      const figuresOfTorch = reference(['tutorial', file, '{pixels}', ...weights], {
        content: figures(content),
        style: figures(style),
      }) as { losses: number[] };
      const expected = figuresOfTorch.losses;

      const network = importNetwork('vgg19', file);
      const styles = [{ pixels: style, weight: 1 }];
      const { losses } = await stylize(wasmRuntime(), { content, styles, network, settings });

      const [first, last] = [losses[0]!.total, losses.at(-1)!.total];
      console.info(
        `first ${first} and ${expected[0]!} (PyTorch); last ${last} and ${expected.at(-1)!}`,
      );
      expect(losses).toHaveLength(EVALUATIONS);
      expect(Math.abs(first / expected[0]! - 1)).toBeLessThanOrEqual(1e-4);
      expect(last).toBeLessThanOrEqual(1.05 * expected.at(-1)!);
    },
    600_000,
  );
});
