/** What of a finished result is on the easel, and how: which two pictures, how much of the painting, how near. */
import { batch, computed, effect, signal } from '@preact/signals-core';
import type { Pixels } from '../../worker/contract.ts';
import { Memo } from '../kit/memo.ts';
import { drawAt, readPixels } from '../kit/pixels.ts';
import { loadImage, type Picture } from '../pictures/picture.ts';
import type { Wish } from '../run/wish.ts';
import { finished, state, type Painting } from '../run/state.ts';
import { blend, sideBySide } from './blend.ts';
import { familyOf } from '../choices/families.ts';
import { texts } from '../../texts/index.ts';
import { recipeOf } from './describe.ts';
import type { Recipe } from '../../../shared/recipe.ts';
import { FIT, type View } from './view.ts';

/** Left and right of the handle: the photo or a painting, and a painting. */
export interface Pair {
  readonly left: Painting | null;
  readonly right: Painting;
}

/** Percent of the width left of the handle at first: enough to see that there is one. */
const START = { photo: 30, painting: 50 } as const;

/** For two networks, theirs come first: that is what they were chosen for. */
export const pairs = computed<readonly Pair[]>(() => {
  const [one, two] = finished.value?.paintings ?? [];
  if (!one) return [];
  const alone = { left: null, right: one };
  return two ? [{ left: one, right: two }, alone, { left: null, right: two }] : [alone];
});

const chosenPair = signal(0);
export const pair = computed(() => pairs.value[chosenPair.value] ?? pairs.value[0] ?? null);
/** The paintings that are looked at, and that the verbs are about. */
export const looked = computed<readonly Painting[]>(() =>
  pair.value ? [pair.value.left, pair.value.right].filter((one) => one !== null) : [],
);

/** 0..100: how much of the painting there is over the photo. */
export const strength = signal(100);
/** The hand is on the slider: large pictures would not follow it. */
export const sliding = signal(false);
const HAND_RESTS = 250;
let rest: ReturnType<typeof setTimeout> | undefined;

export function chooseStrength(percent: number): void {
  clearTimeout(rest);
  rest = setTimeout(() => (sliding.value = false), HAND_RESTS);
  sliding.value = true;
  strength.value = percent;
}
/** Percent. */
export const split = signal<number>(START.photo);
export const view = signal<View>(FIT);

export function choosePair(index: number): void {
  chosenPair.value = index;
  split.value = pair.value?.left ? START.painting : START.photo;
}

/** The photo at the sizes that were needed for blending, and those on their way. */
const photos = signal<ReadonlyMap<string, Pixels>>(new Map());
let reading = new Memo<string, Pixels>();
const sizeOf = ({ width, height }: Pixels) => `${width}x${height}`;

// New pictures are looked at afresh; enlarged ones are the same pictures.
let before: Pixels | undefined;
effect(() => {
  const { value: now } = state;
  const first = now.kind === 'done' ? now.paintings[0]?.image : before;
  if (first === before) return;
  before = first;
  batch(() => {
    strength.value = 100;
    view.value = FIT;
    photos.value = new Map();
    reading = new Memo();
    choosePair(0);
  });
});

function photoAt(photo: Picture, size: Pixels): Promise<Pixels> {
  const mine = reading;
  return mine.get(sizeOf(size), async () => {
    const image = await loadImage(photo.url);
    const read = readPixels(drawAt(image, size.width, size.height));
    // Other pictures may be on the easel by now.
    if (mine === reading) photos.value = new Map([...photos.peek(), [sizeOf(size), read]]);
    return read;
  });
}

const mixed = new WeakMap<Pixels, { readonly key: unknown[]; readonly pixels: Pixels }>();

/** The pixels as they look at the chosen strength; at full strength for as long as the photo is being read. */
export function blended(pixels: Pixels, { photo }: Wish): Pixels {
  const part = strength.value / 100;
  if (part === 1) return pixels;
  const under = photos.value.get(sizeOf(pixels));
  if (!under) {
    // Whoever saves it hears of a failure; here the painting stays at full strength.
    photoAt(photo, pixels).catch(() => undefined);
    return pixels;
  }
  const key = [part, under];
  const known = mixed.get(pixels);
  if (known?.key.every((one, i) => one === key[i])) return known.pixels;
  const made = { key, pixels: blend(under, pixels, part) };
  mixed.set(pixels, made);
  return made.pixels;
}

/** A painting beside the photo is just that; where there are two, they go by their networks. */
export function nameOf(painting: Painting | null): string {
  const { easel, settings } = texts.value;
  if (!painting) return easel.photo;
  const paintings = finished.value?.paintings ?? [];
  if (paintings.length < 2) return easel.pastiche;
  const { id, label } = painting.network;
  const family = familyOf(id);
  const alone = paintings.filter(({ network }) => familyOf(network.id) === family).length === 1;
  return family && alone ? settings.families[family] : label;
}

export interface Picked {
  readonly pixels: Pixels;
  readonly recipe: Recipe;
  readonly wish: Wish;
}

/** A painting's pixels at the chosen strength, however long that takes. */
export async function atStrength(photo: Picture, pixels: Pixels): Promise<Pixels> {
  const part = strength.peek() / 100;
  return part < 1 ? blend(await photoAt(photo, pixels), pixels, part) : pixels;
}

/** What is to be saved, copied or shared: the picture looked at, or the two side by side, at the chosen strength. */
export async function pickUp(): Promise<Picked | null> {
  const now = finished.peek();
  const paintings = looked.peek();
  if (!now || paintings.length === 0) return null;
  const { wish } = now;
  const recipe = recipeOf(wish, paintings, strength.peek() / 100);
  const [left, right] = await Promise.all(
    paintings.map(({ image, large }) => atStrength(wish.photo, large ?? image)),
  );
  return { pixels: right ? sideBySide(left!, right) : left!, recipe, wish };
}
