/** What a run is asked to do, kept for as long as its picture is on the easel. */
import { computed, signal } from '@preact/signals-core';
import { writeMask, type Mask } from '../../../shared/mask.ts';
import type { ModelEntry, Pixels, StyleSettings, StylizeTask } from '../../worker/contract.ts';
import { photo, styles } from '../pictures/picked.ts';
import { pixelsOf, type ChosenStyle, type Picture } from '../pictures/picture.ts';
import { mask } from '../regions/regions.ts';
import { settings } from '../choices/choices.ts';
import { readWishes } from '../kit/address.ts';
import { chosenNetworks, chosenUpscaler, sketchSources, sourceOf } from '../networks/networks.ts';

export interface Wish {
  readonly photo: Picture;
  /** One to five. */
  readonly styles: readonly ChosenStyle[];
  /** One, or two for a picture of each. */
  readonly networks: readonly ModelEntry[];
  /** What then enlarges the pictures, if anything. */
  readonly upscaler: ModelEntry | null;
  readonly settings: StyleSettings;
  /** Which style goes where; null: all of them everywhere. */
  readonly mask: Mask | null;
  /** The Telegram job it is for. */
  readonly origin: string | null;
}

/** The Telegram job that brought the pictures on the easel. */
export const origin = signal<string | null>(null);

/** What pressing the button now would do; null while something is missing. */
export const wanted = computed<Wish | null>(() => {
  const networks = chosenNetworks.value;
  if (!photo.value || styles.value.length === 0 || networks.length === 0) return null;
  return {
    photo: photo.value,
    styles: styles.value,
    networks,
    upscaler: chosenUpscaler.value,
    settings: settings.value,
    mask: mask.value,
    origin: origin.value,
  };
});

const signature = ({ photo, styles, networks, upscaler, settings, mask, origin }: Wish) =>
  JSON.stringify([
    photo.id,
    styles.map(({ picture, weight }) => [picture.id, weight]),
    networks.map(({ id }) => id),
    upscaler?.id,
    settings,
    mask && writeMask(mask),
    origin,
  ]);

export const sameWish = (a: Wish | null, b: Wish | null) =>
  a !== null && b !== null && signature(a) === signature(b);

/** Pictures are handed over at twice the size at most: the engine scales them down more finely than a canvas does. */
const SPARE = 2;
const PREVIEW_EVERY = 300;
/** From here on a picture is large enough to be scaled down by the canvas. */
const LARGE = 4096;

/** A wish as a task for the worker, its pixels ready to be moved. */
export async function toTask(
  { photo, styles, settings, mask }: Wish,
  network: ModelEntry,
): Promise<StylizeTask> {
  const longSide = Math.min(settings.size * SPARE, Math.max(settings.size, LARGE));
  const { memory } = readWishes(location.search);
  const [content, ...manners] = await Promise.all<Pixels>([
    pixelsOf(photo, longSide),
    ...styles.map(({ picture }) => pixelsOf(picture, longSide)),
  ]);
  return {
    content: content!,
    styles: styles.map(({ weight }, i) => ({ pixels: manners[i]!, weight })),
    model: sourceOf(network),
    ...(sketchSources.peek() && { sketch: sketchSources.peek()! }),
    settings,
    ...(mask && { mask: { ...mask, labels: mask.labels.slice() } }),
    previewEvery: PREVIEW_EVERY,
    ...(memory !== null && { memoryBudget: memory }),
  };
}
