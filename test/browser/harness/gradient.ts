import { makeSettings } from '../../../shared/settings.ts';
import { FeatureNetwork } from '../../../web/engine/networks/network.ts';
import { GraphBuilder } from '../../../web/engine/graph/builder.ts';
import { chooseLayers } from '../../../web/engine/pipeline/layers.ts';
import { makeObjective } from '../../../web/engine/pipeline/objective.ts';
import { measureTargets } from '../../../web/engine/pipeline/targets.ts';
import { Masking } from '../../../web/engine/pipeline/regions/masking.ts';
import { rgbOf, toPlanes, type Pixels } from '../../../web/engine/pipeline/pixels.ts';
import type { Runtime } from '../../../web/engine/runtime/runtime.ts';

/** Waves of colour: smooth, different in each channel, the same on every machine to the last bit that matters. */
export function picture(width: number, height: number, seed: number): Pixels {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      for (let c = 0; c < 3; c++) {
        const wave = Math.sin((x * (c + 1)) / (3 + seed)) * Math.cos((y * (seed + c)) / 5);
        data[at + c] = Math.round(128 + 110 * wave);
      }
      data[at + 3] = 255;
    }
  }
  return { width, height, data };
}

export interface ImageGradient {
  readonly total: number;
  readonly gradient: number[];
}

/**
 * Loss and gradient of the default objective at an image that is neither the content nor the style.
 *
 * @param masked the style is painted on a part of the picture; the rest is left alone
 */
export async function imageGradient(
  runtime: Runtime,
  model: Uint8Array,
  size: number,
  masked: boolean,
): Promise<ImageGradient> {
  const network = FeatureNetwork.parse(model);
  const settings = makeSettings('default', { size, tvWeight: 0.1 });
  const layers = chooseLayers(network, settings);
  const [content, style, start] = [1, 2, 3].map((seed) => toPlanes(picture(size, size, seed)));
  const targets = await measureTargets(runtime, network, layers, settings, content!, [
    { planes: style!, weight: 1 },
  ]);
  const labels = Uint8Array.from({ length: size * size }, (_, i) => Number(i % size < 0.6 * size));
  const mask = masked ? { width: size, height: size, labels } : undefined;
  const scope = new Masking(mask, network, layers).scopeAt(start!, content!, 1);
  const b = new GraphBuilder();
  const x = b.input('x', [1, 3, size, size]);
  const { total, gradient } = makeObjective(network, layers, targets, settings, false, scope)(b, x);
  b.output(b.reshape(total, [1]), 'total');
  b.output(gradient, 'gradient');
  const arrays = await runtime.evaluate(b.build(), { x: rgbOf(start!) });
  return { total: arrays['total']![0]!, gradient: [...arrays['gradient']!] };
}
