/** Which style goes where on the photo of the easel: painted by hand or loaded, with undo. */
import { batch, computed, signal } from '@preact/signals-core';
import { fitMask, LEFT, type Mask } from '../../../shared/mask.ts';
import { maskOfPicture, type Unmasked } from '../../../shared/maskPicture.ts';
import { photo, styles } from '../pictures/picked.ts';
import { openFile, pixelsOf, RefusedFile, type Picture } from '../pictures/picture.ts';
import { fill, stroke, swap, type Point } from './strokes.ts';

export type { Point };

/** A mask of a photo, its labels by the styles that were chosen then. */
interface Drawn {
  readonly photo: string;
  readonly mask: Mask;
  /** Label n is the style of this id. */
  readonly styles: readonly string[];
}

/** Longest side of a mask that is painted by hand. */
const SIDE = 512;
/** So far one can go back. */
const REMEMBERED = 40;

const drawn = signal<Drawn | null>(null);
const past = signal<readonly (Drawn | null)[]>([]);
const future = signal<readonly (Drawn | null)[]>([]);

/** The easel is a board to paint regions on. */
export const editing = signal(false);
export const TOOLS = ['brush', 'eraser', 'fill'] as const;
export type Tool = (typeof TOOLS)[number];
export const tool = signal<Tool>('brush');
/** Of the brush: percent of the picture's longer side. */
export const BRUSH = { min: 1, max: 40 } as const;
export const brush = signal(10);
/** Why the last file was not taken. */
export const problem = signal<Unmasked | { readonly why: 'shape' | 'file' } | null>(null);

/** What is not painted otherwise is painted with the first style. */
const BASE = 1;

function mapped({ mask, styles: then }: Drawn, now: readonly string[]): Mask {
  const to = [LEFT, ...then.map((id) => now.indexOf(id) + 1 || BASE)];
  return { ...mask, labels: mask.labels.map((label) => to[label] ?? BASE) };
}

/** Labels by the styles that are chosen now; null: all of them everywhere. */
export const mask = computed<Mask | null>(() => {
  const { value: now } = drawn;
  if (!now || now.photo !== photo.value?.id) return null;
  const found = mapped(
    now,
    styles.value.map(({ picture }) => picture.id),
  );
  const plain = styles.value.length === 1 && found.labels.every((label) => label === BASE);
  return plain ? null : found;
});

export const canUndo = computed(() => past.value.length > 0);
export const canRedo = computed(() => future.value.length > 0);

const chosen = signal<string | null>(null);

/** What the brush gives: a style's label, or LEFT. Without a choice of its own what differs from the base. */
export const paint = computed<number>(() => {
  const at = styles.value.findIndex(({ picture }) => picture.id === chosen.value);
  if (chosen.value === 'photo') return LEFT;
  if (at >= 0) return at + 1;
  return styles.value.length > 1 ? BASE + 1 : LEFT;
});

/** What the eraser gives back, and what changes places with the paint. */
const ground = computed(() => (paint.value === BASE ? LEFT : BASE));

export function choosePaint(label: number): void {
  batch(() => {
    chosen.value = label === LEFT ? 'photo' : (styles.value[label - 1]?.picture.id ?? null);
    if (tool.value === 'eraser') tool.value = 'brush';
  });
}

function blank({ width, height }: Picture): Mask {
  const scale = SIDE / Math.max(width, height);
  const [w, h] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
  return { width: w!, height: h!, labels: new Uint8Array(w! * h!).fill(BASE) };
}

/** The mask that is painted on, in the terms of now; a new one each time. */
function current(picture: Picture): Mask {
  const { value: now } = drawn;
  const ids = styles.value.map(({ picture: { id } }) => id);
  return now?.photo === picture.id ? mapped(now, ids) : blank(picture);
}

function put(picture: Picture, mask: Mask | null): void {
  const ids = styles.value.map(({ picture: { id } }) => id);
  drawn.value = mask && { photo: picture.id, mask, styles: ids };
}

function remember(): void {
  past.value = [...past.value.slice(1 - REMEMBERED), drawn.value];
  future.value = [];
}

function edit(change: (mask: Mask) => void): void {
  const { value: picture } = photo;
  if (!picture) return;
  const next = current(picture);
  change(next);
  batch(() => {
    problem.value = null;
    put(picture, next);
  });
}

const label = () => (tool.value === 'eraser' ? ground.value : paint.value);
let last: Point | null = null;

/** The tool touches the picture. */
export function touch(at: Point): void {
  remember();
  last = tool.value === 'fill' ? null : at;
  edit((mask) =>
    tool.value === 'fill'
      ? fill(mask, at, paint.value)
      : stroke(mask, at, at, brush.value / 100, label()),
  );
}

/** It moves on, without leaving the picture. */
export function drag(to: Point): void {
  const from = last;
  if (!from) return;
  edit((mask) => stroke(mask, from, to, brush.value / 100, label()));
  last = to;
}

export function lift(): void {
  last = null;
}

/** A finger turned out to be the first of two: as if it had not touched. */
export function takeBack(): void {
  if (last === null) return;
  lift();
  undo();
  future.value = [];
}

export function invert(): void {
  remember();
  edit((mask) => swap(mask, paint.value, ground.value));
}

/** All styles everywhere again. */
export function clear(): void {
  batch(() => {
    remember();
    drawn.value = null;
    problem.value = null;
  });
}

function step(from: typeof past, to: typeof past): void {
  const before = from.value.at(-1);
  if (before === undefined) return;
  batch(() => {
    to.value = [...to.value, drawn.value];
    from.value = from.value.slice(0, -1);
    drawn.value = before;
  });
}

export const undo = (): void => step(past, future);
export const redo = (): void => step(future, past);

/** How much a mask's shape may differ from its photo's. */
const SHAPE = 0.02;

/** Takes over a mask by the styles of `ids`: of a recipe, of a run that goes on. False if the photo has another shape. */
export function adopt(mask: Mask | null, ids?: readonly string[]): boolean {
  const { value: picture } = photo;
  if (!picture) return false;
  const stretch = mask ? (mask.width * picture.height) / (mask.height * picture.width) : 1;
  const pixel = mask ? 1 / mask.width + 1 / mask.height : 0;
  if (Math.abs(Math.log(stretch)) > SHAPE + pixel) return false;
  const then = ids ?? styles.value.map(({ picture: { id } }) => id);
  batch(() => {
    [past.value, future.value, problem.value] = [[], [], null];
    drawn.value = mask && { photo: picture.id, mask, styles: then };
  });
  return true;
}

/** A picture of regions, a colour each. */
export async function loadMask(file: File): Promise<void> {
  const before = drawn.value;
  try {
    const { picture } = await openFile(file);
    const found = maskOfPicture(await pixelsOf(picture, 2 * SIDE), styles.value.length);
    URL.revokeObjectURL(picture.url);
    if ('why' in found) problem.value = found;
    else if (!adopt(fitMask(found))) problem.value = { why: 'shape' };
    else past.value = [before];
  } catch (error) {
    if (!(error instanceof RefusedFile)) throw error;
    problem.value = { why: 'file' };
  }
}
