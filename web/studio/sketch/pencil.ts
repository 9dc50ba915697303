/** What draws sketches: one at a time, of each place the latest wish only, by the engine that paints. Out of the way of every run. */
import { computed, effect, signal } from '@preact/signals-core';
import type { Mask } from '../../../shared/mask.ts';
import type { Pixels, Seen, SketchSources, StyleSettings } from '../../worker/contract.ts';
import { settings } from '../choices/choices.ts';
import { currentEngine } from '../engine/engine.ts';
import { Memo } from '../kit/memo.ts';
import { sketchSources } from '../networks/networks.ts';
import { pixelsOf, type ChosenStyle, type Picture } from '../pictures/picture.ts';
import { running } from '../run/state.ts';

/** Where sketches appear, in the order in which they are drawn. */
const PLACES = ['easel', 'chip', 'viewfinder', 'ahead'] as const;
type Place = (typeof PLACES)[number];

export interface Order {
  readonly content: () => Promise<Seen>;
  readonly styles: readonly ChosenStyle[];
  /** 0..1 */
  readonly strength: number;
  /** Which style goes where; null or left out: all of them everywhere. */
  readonly mask?: Mask | null;
}

interface Wish extends Order {
  readonly models: SketchSources;
  readonly colours: StyleSettings['colours'];
  readonly done: (image: Pixels | null) => void;
  readonly failed: (error: unknown) => void;
}

/** Long side in pixels at which styles are read. */
const STYLE_SIZE = 256;

const shown = () => typeof document === 'undefined' || document.visibilityState === 'visible';
/** The tab is to be seen: in a hidden one nothing is computed. */
export const visible = signal(shown());
/** The network is there. */
export const canSketch = computed(() => sketchSources.value !== null);
/** Something that is asked for now would be drawn. */
export const ready = computed(() => canSketch.value && visible.value && !running.value);

let stopper = new AbortController();
let busy = false;
const waiting = new Map<Place, Wish>();
const read = new Memo<string, Pixels>(60);

/** A picture in small, read once. */
export const seen = async (picture: Picture, size: number): Promise<Seen> => ({
  id: picture.id,
  pixels: await read.get(`${picture.id} ${size}`, () => pixelsOf(picture, size)),
});

/**
 * Draws, as soon as it is this place's turn. null: a later wish of the same place came first, a run began, or there is
 * nothing to draw with.
 *
 * @throws RestyleError
 */
export function draw(place: Place, order: Order): Promise<Pixels | null> {
  return order.styles.length === 0 ? Promise.resolve(null) : ask(place, order);
}

/** Reads a photo before a style is touched: the first sketch need not wait for the runtime to start. */
export async function readAhead(content: Order['content']): Promise<void> {
  await ask('ahead', { content, styles: [], strength: 1 }).catch(() => null);
}

function ask(place: Place, order: Order): Promise<Pixels | null> {
  forget(place);
  const models = sketchSources.peek();
  if (!models || !ready.peek()) return Promise.resolve(null);
  return new Promise((done, failed) => {
    const { colours } = settings.peek();
    waiting.set(place, { ...order, models, colours, done, failed });
    void work();
  });
}

/** What waits there is not wanted any more. */
export function forget(place: Place): void {
  waiting.get(place)?.done(null);
  waiting.delete(place);
}

async function work(): Promise<void> {
  if (busy) return;
  busy = true;
  for (;;) {
    const place = PLACES.find((one) => waiting.has(one));
    if (!place) break;
    const wish = waiting.get(place)!;
    waiting.delete(place);
    const { signal } = stopper;
    if (!visible.peek()) {
      wish.done(null);
      continue;
    }
    try {
      const image = await drawn(wish, signal);
      wish.done(signal.aborted ? null : image);
    } catch (error) {
      if (signal.aborted) wish.done(null);
      else wish.failed(error);
    }
  }
  busy = false;
}

async function drawn(wish: Wish, signal: AbortSignal): Promise<Pixels> {
  const { models, strength, colours, mask } = wish;
  const content = await wish.content();
  const styles = await Promise.all(
    wish.styles.map(async ({ picture, weight }) => ({
      ...(await seen(picture, STYLE_SIZE)),
      weight,
    })),
  );
  signal.throwIfAborted();
  const task = { content, styles, models, strength, colours, ...(mask && { mask }) };
  return (await currentEngine().sketch(signal, task)).image;
}

/** Ends at its next step: a run needs the engine more. */
function makeWay(): void {
  stopper.abort();
  stopper = new AbortController();
  for (const place of PLACES) forget(place);
}

/** Looks after the tab and the runs from now on. */
export function keepOutOfTheWay(): void {
  document.addEventListener('visibilitychange', () => (visible.value = shown()));
  effect(() => {
    if (running.value) makeWay();
  });
}
