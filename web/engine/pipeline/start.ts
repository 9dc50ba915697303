import type { StyleSettings } from '../../../shared/settings.ts';
import type { FeatureNetwork } from '../networks/network.ts';
import { normal, random } from '../random.ts';
import { rgbOf, type Planes } from './pixels.ts';
import { resample } from './resample.ts';

/** The image a run begins with, RGB 0..1 at the content's size. */
export function firstImage(
  content: Planes,
  style: Planes,
  { init, seed, noise, preprocess }: StyleSettings,
  network: FeatureNetwork,
): Float32Array {
  if (init === 'content') return rgbOf(content);
  if (init === 'style') return rgbOf(resample(style, content.width, content.height));
  // Around the mean colour of the network's training pictures, as in jcjohnson/neural-style.
  const { mean, range } = preprocess ?? network.description.preprocess;
  const gauss = normal(random(seed));
  const area = content.width * content.height;
  const pixel = (i: number) => mean[Math.floor(i / area)]! / range + noise * gauss();
  return Float32Array.from({ length: 3 * area }, (_, i) => pixel(i));
}
