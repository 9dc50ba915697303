/** Two pictures as one. */
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
export function sideBySide(left: Pixels, other: Pixels): Pixels {
  const right = resize(other, left);
  const width = left.width + right.width;
  const { height } = left;
  const data = new Uint8ClampedArray(4 * width * height);
  const put = (source: Pixels, x: number) => {
    const row = 4 * source.width;
    for (let y = 0; y < height; y++) {
      data.set(source.data.subarray(y * row, (y + 1) * row), 4 * (y * width + x));
    }
  };
  put(left, 0);
  put(right, left.width);
  return { width, height, data };
}
