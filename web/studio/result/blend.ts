/** Two pictures as one. */
import { beside } from '../../../shared/pictures/beside.ts';
import type { Pixels } from '../../worker/contract.ts';
import { resize } from '../kit/pixels.ts';

/** `strength` 1: the painting, 0: the photo; transparency is the painting's, which has it from the photo. */
export function blend(photo: Pixels, painting: Pixels, strength: number): Pixels {
  if (strength >= 1) return painting;
  const { width, height, data: over } = painting;
  const { data: under } = photo;
  const data = new Uint8ClampedArray(over.length);
  for (let i = 0; i < data.length; i += 4) {
    for (let c = i; c < i + 3; c++) data[c] = under[c]! + (over[c]! - under[c]!) * strength;
    data[i + 3] = over[i + 3]!;
  }
  return { width, height, data };
}

/** Left and right. The right one may be smaller, where its network had to do with less memory. */
export const sideBySide = (left: Pixels, right: Pixels): Pixels =>
  beside([left, resize(right, left)]);
