import type { StyleSettings } from '../../../shared/settings.ts';
import { OutOfMemoryError } from '../errors.ts';
import type { FeatureNetwork } from '../networks/network.ts';
import { normal, random } from '../random.ts';
import { rgbOf, type Planes } from './pixels.ts';
import { together, type Region } from './regions/regions.ts';
import { resample, shrunk } from './resample.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { mixManners, Sketcher, type SketchModels } from './sketcher.ts';

/** What a run can begin with, beside its settings. */
export interface Beginning {
  /** At the size of the first image. */
  readonly content: Planes;
  readonly styles: readonly { readonly planes: Planes; readonly weight: number }[];
  readonly network: FeatureNetwork;
  /** For `sketch`. */
  readonly sketch: SketchModels | undefined;
  /** At the size of the first image; undefined: all styles everywhere. */
  readonly regions?: readonly Region[] | undefined;
}

/** The image a run begins with, RGB 0..1 at the content's size; where a style begins it, region by region. */
export async function firstImage(
  runtime: Runtime,
  settings: StyleSettings,
  { regions, ...given }: Beginning,
): Promise<Float32Array> {
  const styled = settings.init === 'style' || (settings.init === 'sketch' && given.sketch);
  if (!regions || !styled) return firstOf(runtime, settings, given);
  const parts = [];
  for (const { style } of regions)
    parts.push(await firstOf(runtime, settings, { ...given, styles: [given.styles[style]!] }));
  return together(regions, parts, given.content.data);
}

async function firstOf(
  runtime: Runtime,
  { init, seed, noise, preprocess }: StyleSettings,
  { content, styles, network, sketch }: Omit<Beginning, 'regions'>,
): Promise<Float32Array> {
  if (init === 'sketch' && sketch) return sketched(runtime, sketch, content, styles);
  if (init === 'content' || init === 'sketch') return rgbOf(content);
  if (init === 'style') return rgbOf(resample(styles[0]!.planes, content.width, content.height));
  // Around the mean colour of the network's training pictures, as in jcjohnson/neural-style.
  const { mean, range } = preprocess ?? network.description.preprocess;
  const gauss = normal(random(seed));
  const area = content.width * content.height;
  const pixel = (i: number) => mean[Math.floor(i / area)]! / range + noise * gauss();
  return Float32Array.from({ length: 3 * area }, (_, i) => pixel(i));
}

/** Long side in pixels beyond which a sketch shows nothing that the first steps would not. */
const SKETCH_SIDE = 512;

/** Where a sketch does not fit into memory, the content: a run that has room for tiles goes on. */
async function sketched(
  runtime: Runtime,
  models: SketchModels,
  content: Planes,
  styles: Beginning['styles'],
): Promise<Float32Array> {
  const sketcher = new Sketcher(runtime, models);
  try {
    const parts = [];
    for (const { planes, weight } of styles)
      parts.push({ manner: (await sketcher.study(shrunk(planes, SKETCH_SIDE))).manner, weight });
    const study = await sketcher.study(shrunk(content, SKETCH_SIDE));
    const painted = await sketcher.paint(study, mixManners(parts));
    return resample(painted, content.width, content.height).data;
  } catch (error) {
    if (error instanceof OutOfMemoryError) return rgbOf(content);
    throw error;
  } finally {
    sketcher.dispose();
  }
}
