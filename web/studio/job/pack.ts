/** A finished painting as the one file that goes to the chat. */
import { JOB_LIMITS, type JobOptions, type ResultType } from '../../../shared/job.ts';
import type { Pixels } from '../../worker/contract.ts';
import { drawPixels, readPixels, shrink } from '../kit/pixels.ts';
import { sideBySide } from '../result/blend.ts';
import { encodePicture } from '../result/encode.ts';
import type { Painting } from '../run/state.ts';

export interface Packed {
  readonly blob: Blob;
  readonly type: ResultType;
  readonly eased: 'jpeg' | 'smaller' | null;
}

/** Each further try is so much smaller. */
const SHRINK = 0.8;

/** Both networks' pictures stand side by side. A photo is compressed by Telegram in any case, so it goes as a JPEG. */
export async function pack(
  paintings: readonly Painting[],
  deliverAs: JobOptions['deliverAs'],
): Promise<Packed> {
  const whole = paintings.map(({ image, large }) => large ?? image).reduce(sideBySide);
  let pixels = within(whole);
  const smaller = pixels !== whole;
  if (deliverAs === 'document') {
    const blob = await encodePicture(pixels, 'png');
    if (blob.size <= JOB_LIMITS.bytes) {
      return { blob, type: 'image/png', eased: smaller ? 'smaller' : null };
    }
  }
  let blob = await encodePicture(pixels, 'jpeg');
  const jpeg = deliverAs === 'document' ? 'jpeg' : null;
  for (let eased: Packed['eased'] = smaller ? 'smaller' : jpeg; ; eased = 'smaller') {
    if (blob.size <= JOB_LIMITS.bytes) return { blob, type: 'image/jpeg', eased };
    pixels = scaled(pixels, SHRINK);
    blob = await encodePicture(pixels, 'jpeg');
  }
}

function within(pixels: Pixels): Pixels {
  const { width, height } = pixels;
  const { side, pixels: area } = JOB_LIMITS;
  const factor = Math.min(1, side / Math.max(width, height), Math.sqrt(area / (width * height)));
  // A little less, as sides are rounded.
  return factor < 1 ? scaled(pixels, 0.999 * factor) : pixels;
}

function scaled(pixels: Pixels, factor: number): Pixels {
  const { width, height } = pixels;
  const canvas = document.createElement('canvas');
  drawPixels(canvas, pixels);
  return readPixels(shrink(canvas, width, height, Math.floor(factor * Math.max(width, height))));
}
