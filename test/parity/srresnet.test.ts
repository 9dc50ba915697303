import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wasmRuntime } from '../../tools/host.ts';
import { readPicture } from '../../tools/pictures.ts';
import type { Upscaler } from '../../web/engine/networks/upscaler.ts';
import { rgbOf, toPixels, toPlanes, type Pixels } from '../../web/engine/pipeline/pixels.ts';
import { resample } from '../../web/engine/pipeline/resample.ts';
import { enlarge } from '../../web/engine/pipeline/tiling.ts';
import { upscale } from '../../web/engine/pipeline/upscale.ts';
import { relativeError } from '../support/numbers.ts';
import { dataFile, missing, reference } from '../support/oracle.ts';
import { scene } from '../support/scenes.ts';
import { importUpscaler } from '../support/upscalers.ts';

const WEIGHTS = 'weights/srgan-5block-x4.safetensors';
const runtime = wasmRuntime();

/** The top left part whose sides divide by the scale. */
function cropped({ width, height, data }: Pixels, scale: number): Pixels {
  const [w, h] = [width - (width % scale), height - (height % scale)];
  const out = new Uint8ClampedArray(4 * w * h);
  for (let y = 0; y < h; y++) out.set(data.subarray(4 * y * width, 4 * (y * width + w)), 4 * y * w);
  return { width: w, height: h, data: out };
}

/** Y of BT.601 in 16..235. */
const luma = (data: Uint8ClampedArray, i: number): number =>
  16 + (65.481 * data[4 * i]! + 128.553 * data[4 * i + 1]! + 24.966 * data[4 * i + 2]!) / 255;

/** Peak signal to noise ratio on Y in dB, without a border of `scale` pixels. */
function psnr(a: Pixels, b: Pixels, scale: number): number {
  let [sum, count] = [0, 0];
  for (let y = scale; y < a.height - scale; y++) {
    for (let x = scale; x < a.width - scale; x++) {
      sum += (luma(a.data, y * a.width + x) - luma(b.data, y * a.width + x)) ** 2;
      count++;
    }
  }
  return 10 * Math.log10((255 ** 2 * count) / sum);
}

async function meanPsnr(model: Upscaler, folder: string): Promise<number> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.png'));
  let total = 0;
  for (const name of names) {
    const truth = cropped(await readPicture(join(folder, name)), model.scale);
    const planes = toPlanes(truth);
    const small = resample(planes, truth.width / model.scale, truth.height / model.scale);
    const { image } = await upscale(runtime, { image: toPixels(rgbOf(small), small), model });
    total += psnr(image, truth, model.scale);
  }
  return total / names.length;
}

describe('the 5-block SRGAN generator', () => {
  const why = missing(WEIGHTS);
  const suffix = why ? ` (skipped: ${why})` : '';
  it.skipIf(why)(`computes as in PyTorch, and the same in tiles${suffix}`, async () => {
    const file = dataFile(WEIGHTS)!;
    const model = importUpscaler(file);
    const image = scene(56, 48, 3);
    const expected = reference(
      [file, '{pixels}'],
      { image: { dims: [1, 3, 48, 56], data: image.data } },
      'srresnet.py',
    ) as { readonly stored: number[]; readonly full: number[] };
    let found = new Float32Array();
    await enlarge(runtime, model, image, ({ data }) => (found = data as Float32Array<ArrayBuffer>));
    const error = relativeError(found, expected.stored);
    const rounding = relativeError(found, expected.full);
    console.info(
      `error ${error.toExponential(2)}; with 16 bit kernels ${rounding.toExponential(2)}`,
    );
    expect(error).toBeLessThanOrEqual(1e-5);
    expect(rounding).toBeLessThanOrEqual(1e-3);
    await enlarge(
      runtime,
      model,
      image,
      (patch) => {
        let worst = 0;
        for (let y = 0; y < patch.height; y++) {
          for (let x = 0; x < patch.width; x++) {
            const at = (patch.top + y) * patch.rowLength + patch.left + x;
            const there = (patch.y + y) * 4 * 56 + patch.x + x;
            worst = Math.max(worst, Math.abs(patch.data[at]! - found[there]!));
          }
        }
        expect(worst).toBeLessThanOrEqual(1e-4);
      },
      { tile: 44 },
    );
  });

  const SETS = [
    { name: 'Set5', decibels: 30.66 },
    ...(process.env['RESTYLE_ALL'] ? [{ name: 'Set14', decibels: 27.7 }] : []),
  ];
  const absent = [WEIGHTS, 'images/sr/Set5'].find((name) => !dataFile(name));
  const note = absent ? ` (skipped: ${absent} is not there)` : '';
  it.skipIf(absent).each(SETS)(
    `reaches $decibels dB on $name (RESTYLE_ALL=1 for Set14)${note}`,
    async ({ name, decibels }) => {
      const found = await meanPsnr(
        importUpscaler(dataFile(WEIGHTS)!),
        dataFile(`images/sr/${name}`)!,
      );
      console.info(`${name}: ${found.toFixed(2)} dB`);
      expect(Math.abs(found - decibels)).toBeLessThanOrEqual(0.03);
    },
    600_000,
  );
});
