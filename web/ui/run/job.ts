/** What a run was asked to do, kept for as long as its picture is on the easel. */
import { computed } from '@preact/signals';
import type { ModelEntry, StyleSettings, StylizeJob } from '../../worker/face.ts';
import { photo, style } from '../pick/picked.ts';
import { pixelsOf, type Picture } from '../pick/picture.ts';
import { settings } from '../settings/choices.ts';
import { network, sourceOf } from '../settings/networks.ts';

export interface Job {
  readonly photo: Picture;
  readonly style: Picture;
  readonly network: ModelEntry;
  readonly settings: StyleSettings;
}

/** What pressing the button now would do; null while something is missing. */
export const wanted = computed<Job | null>(() => {
  if (!photo.value || !style.value || !network.value) return null;
  return {
    photo: photo.value,
    style: style.value,
    network: network.value,
    settings: settings.value,
  };
});

const signature = ({ photo, style, network, settings }: Job) =>
  JSON.stringify([photo.id, style.id, network.id, settings]);

export const sameJob = (a: Job | null, b: Job | null) =>
  a !== null && b !== null && signature(a) === signature(b);

/** Pictures are handed over at twice the size at most: the engine scales them down more finely than a canvas does. */
const SPARE = 2;
const PREVIEW_EVERY = 300;

export async function toRequest({ photo, style, network, settings }: Job): Promise<StylizeJob> {
  const longSide = settings.size * SPARE;
  const [content, manner] = await Promise.all([
    pixelsOf(photo, longSide),
    pixelsOf(style, longSide),
  ]);
  return {
    content,
    styles: [{ pixels: manner, weight: 1 }],
    model: sourceOf(network),
    settings,
    previewEvery: PREVIEW_EVERY,
  };
}
