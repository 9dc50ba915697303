/** Keeps some of a run's previews, so that a film can be made of it afterwards. */
import { effect } from '@preact/signals-core';
import type { Pixels } from '../../../worker/contract.ts';
import { drawPixels, shrink, toBlob } from '../../kit/pixels.ts';
import type { Wish } from '../../run/wish.ts';
import { asked, preview, stage, state, type Painting } from '../../run/state.ts';

/** Of a frame and of the film. */
export const LONG_SIDE = 720;
const MOST = 150;

type Frame = Promise<Blob | null>;

/** The frames of one painting. When they become too many, every other goes, and fewer come. */
class Reel {
  #frames: Frame[] = [];
  #stride = 1;
  #seen = 0;

  add(pixels: Pixels): void {
    if (this.#seen++ % this.#stride > 0) return;
    this.#frames.push(press(pixels));
    if (this.#frames.length < MOST) return;
    this.#frames = this.#frames.filter((_, i) => i % 2 === 0);
    this.#stride *= 2;
  }

  async frames(): Promise<readonly Blob[]> {
    return (await Promise.all(this.#frames)).filter((frame) => frame !== null);
  }

  get empty(): boolean {
    return this.#frames.length === 0;
  }
}

/** As a JPEG, a hundred frames are a few megabytes. A frame that fails is one frame less. */
function press(pixels: Pixels): Frame {
  const canvas = document.createElement('canvas');
  drawPixels(canvas, pixels);
  const small = shrink(canvas, pixels.width, pixels.height, LONG_SIDE);
  const context = small.getContext('2d')!;
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = '#fff';
  context.fillRect(0, 0, small.width, small.height);
  return toBlob(small, 'image/jpeg', 0.85).catch(() => null);
}

/** By network; all of one wish. */
let reels = new Map<string, Reel>();
let of: Wish | null = null;
let goesOn = false;

/** The next run goes on from the pictures that are there, and so does the film. */
export function continueFilm(): void {
  goesOn = true;
}

export function record(): void {
  effect(() => {
    const { value: now } = asked;
    if (!now || now === of) return;
    if (!goesOn) reels = new Map();
    goesOn = false;
    of = now;
  });
  effect(() => {
    const { value: pixels } = preview;
    // While it is enlarged, the preview stands still.
    if (!pixels || !stage.peek() || state.peek().kind === 'enlarging') return;
    const { id } = stage.peek()!.model;
    const reel = reels.get(id) ?? new Reel();
    reels.set(id, reel);
    reel.add(pixels);
  });
}

/** Null for pictures that were not painted here and now. */
export function reelOf(by: Wish, { network }: Painting): Reel | null {
  const reel = by === of ? reels.get(network.id) : undefined;
  return reel && !reel.empty ? reel : null;
}
