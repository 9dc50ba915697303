/** sRGB 0..1, before it is cut to that range, of inks 0..1. */
export type ColourOf = (inks: readonly [number, number, number, number]) => readonly number[];

/** The transfer curve of sRGB (IEC 61966-2-1). */
export const encoded = (x: number): number =>
  x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055;
