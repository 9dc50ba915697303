import { expect, it } from 'vitest';
import {
  blendPalettes,
  paletteOf,
  withPalette,
  type Palette,
} from '../../web/engine/pipeline/palette.ts';
import type { Planes } from '../../web/engine/pipeline/pixels.ts';
import { normal, random } from '../../web/engine/random.ts';

const AREA = 64 * 48;

/** Colours well inside 0..1, correlated by `mix`, so that nothing is cut off. */
function picture(seed: number, mix: readonly number[], mean: readonly number[]): Planes {
  const gauss = normal(random(seed));
  const data = new Float32Array(4 * AREA).fill(0.5);
  for (let i = 0; i < AREA; i++) {
    const noise = [gauss(), gauss(), gauss()].map((x) => Math.max(-3, Math.min(3, x)));
    for (let c = 0; c < 3; c++) {
      const mixed = noise.reduce((sum, x, d) => sum + mix[3 * c + d]! * x, 0);
      data[c * AREA + i] = mean[c]! + 0.05 * mixed;
    }
  }
  return { width: 64, height: 48, channels: 4, data };
}

const PHOTO = picture(1, [1, 0, 0, 0.5, 0.7, 0, 0.2, 0.4, 0.8], [0.5, 0.45, 0.4]);
const PAINTING = picture(2, [0.6, 0.1, 0, -0.4, 0.8, 0.3, 0.1, -0.2, 1], [0.6, 0.4, 0.5]);

const close = (a: Palette, b: Palette, digits: number) => {
  const flat = (p: Palette) => [...p.mean, ...p.covariance.flat()];
  flat(a).forEach((value, i) => expect(value).toBeCloseTo(flat(b)[i]!, digits));
};

it('gives mean and covariance of one picture to another', () => {
  const wanted = paletteOf(PAINTING.data, AREA);
  const out = withPalette(PHOTO, wanted);
  close(paletteOf(out.data, AREA), wanted, 6);
  // Alpha is no colour.
  expect(out.data.subarray(3 * AREA)).toEqual(PHOTO.data.subarray(3 * AREA));
});

it('leaves a picture alone that has the palette already', () => {
  const out = withPalette(PHOTO, paletteOf(PHOTO.data, AREA));
  out.data.forEach((value, i) => expect(value).toBeCloseTo(PHOTO.data[i]!, 5));
});

it('moves colours less than any other map that does the same', () => {
  // Turning the whitened colours gives the covariance too, and always costs more (Pitié and Kokaram 2007).
  const wanted = paletteOf(PAINTING.data, AREA);
  const distance = (a: Planes, b: Planes) =>
    a.data.reduce((sum, value, i) => sum + (value - b.data[i]!) ** 2, 0);
  const best = withPalette(PHOTO, wanted);
  // Through a third palette: the same statistics by another map.
  const detour = withPalette(
    withPalette(PHOTO, {
      mean: [0.5, 0.5, 0.5],
      covariance: [
        [0.004, 0.003, 0],
        [0.003, 0.004, 0],
        [0, 0, 0.0001],
      ],
    }),
    wanted,
  );
  close(paletteOf(detour.data, AREA), wanted, 5);
  expect(distance(PHOTO, best)).toBeLessThan(distance(PHOTO, detour));
});

it('of several pictures is that of all their pixels together', () => {
  const both = new Float32Array(3 * 2 * AREA);
  for (let c = 0; c < 3; c++) {
    both.set(PHOTO.data.subarray(c * AREA, (c + 1) * AREA), 2 * c * AREA);
    both.set(PAINTING.data.subarray(c * AREA, (c + 1) * AREA), (2 * c + 1) * AREA);
  }
  const blended = blendPalettes([
    [paletteOf(PHOTO.data, AREA), 0.5],
    [paletteOf(PAINTING.data, AREA), 0.5],
  ]);
  close(blended, paletteOf(both, 2 * AREA), 6);
});

it('of a picture of one colour is that colour, and nothing breaks', () => {
  const grey = { ...PHOTO, data: new Float32Array(4 * AREA).fill(0.3) };
  const out = withPalette(PHOTO, paletteOf(grey.data, AREA));
  expect(Math.max(...out.data.subarray(0, 3 * AREA))).toBeCloseTo(0.3, 3);
  expect(withPalette(grey, paletteOf(PHOTO.data, AREA)).data.every(Number.isFinite)).toBe(true);
});
