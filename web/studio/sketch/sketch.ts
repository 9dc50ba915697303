/**
 * The sketch on the easel: what the photo would be in the chosen styles, painted at once by a small network, while the
 * person is still choosing. It has a worker of its own and gets out of the way of every run.
 */
import { computed, effect, signal } from '@preact/signals-core';
import { createEngine, type Engine } from '../../worker/client.ts';
import type { Pixels, Seen, SketchSources, StyleSettings } from '../../worker/contract.ts';
import { settings } from '../choices/choices.ts';
import { backendWish } from '../engine/engine.ts';
import { Memo } from '../kit/memo.ts';
import { sketchSources } from '../networks/networks.ts';
import { photo, pictures, styles } from '../pictures/picked.ts';
import { pixelsOf, type ChosenStyle, type Picture } from '../pictures/picture.ts';
import { running } from '../run/state.ts';

/** Long side of a sketch in pixels; of one on a style's chip. */
const SIZE = 256;
const CHIP_SIZE = 128;
/** The worker goes when nobody has touched anything for so long. */
const IDLE_AFTER = 60_000;

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
/** The network is there. */
export const canSketch = computed(() => sketchSources.value !== null);

const visible = signal(true);
/** Somebody sent pictures: they are sketched as soon as that can be. */
const owed = signal(false);
/** What is on the easel, in one word; a sketch begins when it changes by a touch. */
const touched = computed(() =>
  JSON.stringify([
    photo.value?.id,
    styles.value.map(({ picture, weight }) => [picture.id, weight]),
    settings.value.colours,
  ]),
);

interface Wish {
  readonly photo: Picture;
  readonly styles: readonly ChosenStyle[];
  readonly strength: number;
  readonly colours: StyleSettings['colours'];
  readonly size: number;
  readonly models: SketchSources;
  readonly show: (image: Pixels) => void;
}

let engine: Engine | null = null;
let stopper = new AbortController();
let busy = false;
/** At most one waits on the easel and one on a chip: of older wishes nobody wants to know. */
const waiting = new Map<'easel' | 'chip', Wish>();
const read = new Memo<string, Pixels>(60);
/** The style whose chip a hand rests on. */
let hovered: string | null = null;

/** Small pictures, read once. */
function seen(picture: Picture, size: number): Promise<Pixels> {
  return read.get(`${picture.id} ${size}`, () => pixelsOf(picture, size));
}

async function draw(wish: Wish, signal: AbortSignal): Promise<void> {
  const see = async (picture: Picture, size: number): Promise<Seen> => ({
    id: picture.id,
    pixels: await seen(picture, size),
  });
  const content = await see(wish.photo, wish.size);
  const manners = await Promise.all(
    wish.styles.map(async ({ picture, weight }) => ({ ...(await see(picture, SIZE)), weight })),
  );
  engine ??= createEngine({ wish: backendWish.peek(), idleAfter: IDLE_AFTER });
  const { models, strength, colours } = wish;
  const task = { content, styles: manners, models, strength, colours };
  const { image } = await engine.sketch(signal, task);
  if (!signal.aborted) wish.show(image);
}

async function work(): Promise<void> {
  if (busy) return;
  busy = true;
  const { signal } = stopper;
  for (;;) {
    const place = waiting.has('easel') ? 'easel' : 'chip';
    const wish = waiting.get(place);
    if (!wish || signal.aborted) break;
    waiting.delete(place);
    // A sketch is a courtesy: where it fails, the photo stays, and a run will say what is wrong.
    await draw(wish, signal).catch(() => undefined);
  }
  busy = false;
  // Aborted, and something was wished for since.
  if (waiting.size > 0) void work();
}

/** Ends at once, and frees what it held: a run needs it more. */
function makeWay(): void {
  stopper.abort();
  stopper = new AbortController();
  waiting.clear();
  engine?.dispose();
  engine = null;
  sketch.value = null;
  chipSketch.value = null;
}

/** Sketches what is on the easel now, as far as that can be done. */
export function drawSketch(): void {
  const [shown, models] = [photo.peek(), sketchSources.peek()];
  if (!shown || !models || styles.peek().length === 0 || running.peek() || !visible.peek()) return;
  waiting.set('easel', {
    photo: shown,
    styles: styles.peek(),
    strength: sketchStrength.peek() / 100,
    colours: settings.peek().colours,
    size: SIZE,
    models,
    show: (image) => {
      if (photo.peek()?.id === shown.id && !running.peek()) sketch.value = { photo: shown, image };
    },
  });
  void work();
}

export function sketchSoon(): void {
  owed.value = true;
}

export function chooseSketchStrength(percent: number): void {
  sketchStrength.value = percent;
  drawSketch();
}

export function putAwaySketch(): void {
  waiting.delete('easel');
  sketch.value = null;
}

/** A hand rests on a style's chip: it shows the photo in that style. null: the hand is gone. */
export function drawOnChip(style: string | null): void {
  hovered = style;
  waiting.delete('chip');
  chipSketch.value = null;
  const [shown, models] = [photo.peek(), sketchSources.peek()];
  const picture = pictures.style.peek().find(({ id }) => id === style);
  if (!shown || !models || !picture || running.peek() || !visible.peek()) return;
  const wish: Wish = {
    photo: shown,
    styles: [{ picture, weight: 1 }],
    strength: 1,
    colours: settings.peek().colours,
    size: CHIP_SIZE,
    models,
    show: (image) => {
      if (hovered === picture.id) chipSketch.value = { style: picture.id, image };
    },
  };
  waiting.set('chip', wish);
  void work();
}

/** Sketches from now on whenever photo, styles or weights are touched. */
export function sketchAlong(): void {
  const look = () => (visible.value = document.visibilityState === 'visible');
  look();
  document.addEventListener('visibilitychange', look);
  let before: string | null = null;
  effect(() => {
    const now = touched.value;
    if (photo.value === null || styles.value.length === 0) return;
    const same = before === null || now === before;
    before = now;
    if (same) return;
    if (sketch.peek()?.photo.id !== photo.value.id) sketch.value = null;
    drawSketch();
  });
  effect(() => {
    if (!owed.value || !sketchSources.value || !photo.value || styles.value.length === 0) return;
    owed.value = false;
    drawSketch();
  });
  effect(() => {
    if (running.value) makeWay();
  });
}
