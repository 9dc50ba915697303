/** The sketch on the easel: what the photo would be in the chosen styles, at once, while the person is still choosing. */
import { computed, effect, signal } from '@preact/signals-core';
import { writeMask } from '../../../shared/mask.ts';
import type { Pixels } from '../../worker/contract.ts';
import { settings } from '../choices/choices.ts';
import { networks } from '../networks/networks.ts';
import { photo, pictures, stocked, styles } from '../pictures/picked.ts';
import type { Picture } from '../pictures/picture.ts';
import { editing, mask } from '../regions/regions.ts';
import { preview, running } from '../run/state.ts';
import { canSketch, draw, forget, keepOutOfTheWay, readAhead, ready, seen } from './pencil.ts';

/** Long side of a sketch in pixels; of one on a style's chip. */
const SIZE = 256;
const CHIP_SIZE = 128;

export interface Sketch {
  readonly photo: Picture;
  readonly image: Pixels;
}

/** On the easel over the photo, or over the finished painting; null: nothing was touched, or it was put away. */
export const sketch = signal<Sketch | null>(null);
/** 0..100: how far the photo goes towards the styles. */
export const sketchStrength = signal(100);
/** The photo in the manner of one style alone, on that style's chip. */
export const chipSketch = signal<{ readonly style: string; readonly image: Pixels } | null>(null);
/** Something else is on the easel, painted as it comes: a touch needs no sketch there. */
export const easelTaken = signal(false);

/** A sketch is to come as soon as it can: of pictures that somebody sent, or after a touch in a hidden tab. */
const owed = signal(false);
/** Which style goes where, in a word, as soon as nobody paints on it. */
const settled = signal<string | null>(null);
/** What is on the easel, in one word; a sketch begins when it changes by a touch. */
const touched = computed(() =>
  JSON.stringify([
    photo.value?.id,
    styles.value.map(({ picture, weight }) => [picture.id, weight]),
    settings.value.colours,
    settled.value,
  ]),
);

/** How many sketches were asked for on the easel. */
let asked = 0;
/** The style whose chip a hand rests on. */
let hovered: string | null = null;

/** A sketch is a courtesy: where it fails, the photo stays, and a run will say what is wrong. */
const orNothing = () => null;

/** Sketches what is on the easel now, as far as that can be done. */
export async function drawSketch(): Promise<void> {
  const shown = photo.peek();
  if (!shown || running.peek() || easelTaken.peek()) return;
  const mine = ++asked;
  const image = await draw('easel', {
    content: () => seen(shown, SIZE),
    styles: styles.peek(),
    strength: sketchStrength.peek() / 100,
    mask: mask.peek(),
  }).catch(orNothing);
  // Hidden, or without the list of networks: later.
  if (mine === asked) owed.value = !image && !ready.peek();
  const wanted = photo.peek()?.id === shown.id && !running.peek() && !easelTaken.peek();
  if (image && wanted) sketch.value = { photo: shown, image };
}

export function sketchSoon(): void {
  owed.value = true;
}

export function chooseSketchStrength(percent: number): void {
  sketchStrength.value = percent;
  void drawSketch();
}

export function putAwaySketch(): void {
  asked++;
  owed.value = false;
  forget('easel');
  sketch.value = null;
}

/** A hand rests on a style's chip: it shows the photo in that style. null: the hand is gone. */
export async function drawOnChip(style: string | null): Promise<void> {
  hovered = style;
  forget('chip');
  chipSketch.value = null;
  const shown = photo.peek();
  const picture = pictures.style.peek().find(({ id }) => id === style);
  if (!shown || !picture) return;
  const image = await draw('chip', {
    content: () => seen(shown, CHIP_SIZE),
    styles: [{ picture, weight: 1 }],
    strength: 1,
  }).catch(orNothing);
  if (image && hovered === picture.id) chipSketch.value = { style: picture.id, image };
}

/** Sketches from now on whenever photo, styles, weights, regions or colours are touched. */
export function sketchAlong(): void {
  keepOutOfTheWay();
  effect(() => {
    if (!editing.value) settled.value = mask.value && writeMask(mask.value);
  });
  let before: string | null = null;
  effect(() => {
    const now = touched.value;
    if (photo.value === null || styles.value.length === 0) return;
    const same = before === null || now === before;
    before = now;
    if (same) return;
    if (sketch.peek()?.photo.id !== photo.value.id) sketch.value = null;
    void drawSketch();
  });
  effect(() => {
    if (!owed.value || !ready.value || !photo.value || styles.value.length === 0) return;
    void drawSketch();
  });
  effect(() => {
    if (!running.value) return;
    asked++;
    owed.value = false;
    chipSketch.value = null;
  });
  // The painting grows out of it.
  effect(() => {
    if (preview.value) sketch.value = null;
  });
}

/**
 * Reads the photo that is there, once each: a style's touch shows its sketch sooner.
 * Resolves when the first one is read, or there is none to read.
 */
export async function sketchAhead(): Promise<void> {
  let last: string | null = null;
  await new Promise<void>((resolve) => {
    effect(() => {
      const shown = photo.value;
      if (stocked.value && networks.value && !(shown && canSketch.value)) resolve();
      if (!ready.value || !shown || shown.id === last) return;
      last = shown.id;
      void readAhead(() => seen(shown, SIZE)).then(resolve);
    });
  });
}
