/** Which style goes where, as the objective of one size takes it. */
import type { Guidance } from './guidance.ts';

/** What keeps the photo where it is left alone. */
export interface Hold {
  /** How much of the painting each pixel shows: [H·W], 0..1. */
  readonly painted: Float32Array;
  /** What the photo adds: [3·H·W] in units of the pixel range, times 1 − `painted`. */
  readonly photo: Float32Array;
}

export interface Scope {
  readonly guidance: Guidance;
  /** null: nothing is left alone. */
  readonly hold: Hold | null;
}

/** @param photo RGB planes 0..1, as the network sees them */
export function holdOf(painted: Float32Array, photo: Float32Array, pixelRange: number): Hold {
  const area = painted.length;
  return {
    painted,
    photo: photo.map((value, i) => (1 - painted[i % area]!) * value * pixelRange),
  };
}

/** What the network sees of a painting, [3·H·W] in units of the pixel range. */
export const withHeld = (painting: Float32Array, { painted, photo }: Hold): Float32Array =>
  painting.map((value, i) => value * painted[i % painted.length]! + photo[i]!);

/** The gradient at what is seen as that at the painting, in place. */
export function throughHold(gradient: Float32Array, { painted }: Hold): void {
  const area = painted.length;
  for (let i = 0; i < gradient.length; i++) gradient[i]! *= painted[i % area]!;
}
