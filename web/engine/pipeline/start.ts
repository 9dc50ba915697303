import type { StyleSettings } from '../../../shared/settings.ts';
import { OutOfMemoryError } from '../errors.ts';
import type { FeatureNetwork } from '../networks/network.ts';
import { normal, random } from '../random.ts';
import { rgbOf, type Planes } from './pixels.ts';
import { together, type Region } from './regions/regions.ts';
import { resample, shrunk } from './resample.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { paintRegions, Sketcher, type SketchModels } from './sketcher.ts';

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
  { init, seed, noise, preprocess }: StyleSettings,
  given: Beginning,
): Promise<Float32Array> {
  const { content, styles, network, sketch, regions } = given;
  if (init === 'sketch' && sketch) return sketched(runtime, sketch, given);
  if (init === 'content' || init === 'sketch') return rgbOf(content);
  if (init === 'style') {
    const own = styles.map(({ planes }) => resample(planes, content.width, content.height).data);
    const parts = regions?.map(({ style }) => own[style]!);
    return parts ? together(regions!, parts, content.data) : rgbOf({ ...content, data: own[0]! });
  }
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
  { content, styles, regions }: Beginning,
): Promise<Float32Array> {
  const sketcher = new Sketcher(runtime, models);
  try {
    const parts = [];
    for (const { planes, weight } of styles)
      parts.push({ manner: (await sketcher.study(shrunk(planes, SKETCH_SIDE))).manner, weight });
    const study = await sketcher.study(shrunk(content, SKETCH_SIDE));
    return rgbOf(await paintRegions(sketcher, study, content, { parts, regions }));
  } catch (error) {
    if (error instanceof OutOfMemoryError) return rgbOf(content);
    throw error;
  } finally {
    sketcher.dispose();
  }
}
