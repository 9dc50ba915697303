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
/** Square, so that both sides see the very same pixels; one scale. */
const SIZE = 96;
const STEPS = 100;

async function square(name: string): Promise<Pixels> {
  const planes = resample(toPlanes(await readPicture(dataFile(name)!)), SIZE, SIZE);
  return toPixels(planes.data, planes);
}

describe('the crowson preset against PyTorch', () => {
  const why = missing(WEIGHTS, CONTENT, STYLE);
  const suffix = why ? ` (skipped: ${why})` : '';
  it.skipIf(why)(
    `VGG19, ${SIZE} px, ${STEPS} steps${suffix}`,
    async () => {
      const file = dataFile(WEIGHTS)!;
      const [content, style] = [await square(CONTENT), await square(STYLE)];
      const figures = (pixels: Pixels) => ({
        dims: [1, 3, SIZE, SIZE],
        data: rgbOf(toPlanes(pixels)),
      });
      const torch = reference(
        [file, '{pixels}', String(STEPS)],
        { content0: figures(content), style0: figures(style) },
        'crowson.py',
      ) as { losses: number[] };

      const network = importNetwork('vgg19', file);
      const styles = [{ pixels: style, weight: 1 }];
      const settings = makeSettings('crowson', { size: SIZE, steps: STEPS });
      const { losses } = await stylize(wasmRuntime(), { content, styles, network, settings });

      const [first, last] = [losses[0]!.total, losses.at(-1)!.total];
      const [firstOfTorch, lastOfTorch] = [torch.losses[0]!, torch.losses.at(-1)!];
      console.info(`first ${first} and ${firstOfTorch} (PyTorch); last ${last}, ${lastOfTorch}`);
      expect(Math.abs(first / firstOfTorch - 1)).toBeLessThanOrEqual(1e-4);
      expect(last).toBeLessThanOrEqual(1.02 * lastOfTorch);
    },
    600_000,
  );
});
