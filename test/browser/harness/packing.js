// What a job's picture becomes on its way to the chat; its bytes stay in the page.
/* global createImageBitmap */
import { random } from '../../../web/engine/random.ts';
import { pack } from '../../../web/studio/job/pack.ts';

/** Noise cannot be compressed; one colour can. */
function plane(width, height, noisy) {
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  const next = random(1);
  for (let i = 0; noisy && i < data.length; i++) if (i % 4 < 3) data[i] = 256 * next();
  return { width, height, data };
}

export async function packing({ count, width, height, noisy, deliverAs }) {
  const paintings = Array.from({ length: count }, () => ({
    image: plane(width, height, noisy),
    large: null,
  }));
  const { blob, type, eased } = await pack(paintings, deliverAs);
  const bitmap = await createImageBitmap(blob);
  return { bytes: blob.size, type, eased, width: bitmap.width, height: bitmap.height };
}
