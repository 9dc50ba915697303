import type { Pixels } from '../../worker/face.ts';
import { notify } from '../easel/notice.ts';
import { drawPixels, toBlob } from '../kit/pixels.ts';
import type { Job } from '../run/job.ts';

/** Letters and digits of any alphabet; the rest is trouble on some disk or other. */
const fileName = (parts: readonly string[]) =>
  parts.map((part) => part.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 40)).join('_');

export async function savePng(image: Pixels, { photo, style }: Job): Promise<void> {
  try {
    const canvas = document.createElement('canvas');
    drawPixels(canvas, image);
    const url = URL.createObjectURL(await toBlob(canvas, 'image/png'));
    const link = document.createElement('a');
    link.href = url;
    link.download = `${fileName(['restyle', photo.title.en, style.title.en])}.png`;
    link.click();
    // The download reads the address after this task.
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  } catch {
    notify({ kind: 'not-saved' });
  }
}
