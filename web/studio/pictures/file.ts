/** A file that somebody brought, made fit for any browser before it is decoded. */
import { examine, RefusedPicture, type Examined } from '../../../shared/pictures/examine.ts';
import { isTried } from '../../../shared/pictures/formats.ts';
import { asStored, trimJpeg } from '../../../shared/pictures/jpeg.ts';
import { readPixels, shrink } from '../kit/pixels.ts';

export interface Mended extends Pick<Examined, 'format' | 'damaged' | 'moving'> {
  /** The file itself, or what could be saved of it. */
  readonly blob: Blob;
}

/** @throws RefusedPicture */
export async function mended(file: Blob): Promise<Mended> {
  const bytes = await file.arrayBuffer().catch((cause: unknown) => {
    throw new RefusedPicture('broken', null, { cause });
  });
  const { format, damaged, moving, ...examined } = examine(new Uint8Array(bytes));
  const usable = damaged && format === 'jpeg' ? await trimmed(examined.bytes) : examined.bytes;
  const blob = damaged ? new Blob([usable], { type: `image/${format}` }) : file;
  return { blob, format, damaged, moving };
}

/** Without the rows that the browser had to make up. */
async function trimmed(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const bitmap = await createImageBitmap(new Blob([asStored(bytes)], { type: 'image/jpeg' }));
  const { width, height } = bitmap;
  const rest = trimJpeg(bytes, readPixels(shrink(bitmap, width, height, Math.max(width, height))));
  bitmap.close();
  if (!rest) throw new RefusedPicture('broken');
  return rest;
}

/** What went wrong with a file of this format, as a reason that people can be told. */
export function toRefusal(error: unknown, format: Examined['format'] | null): RefusedPicture {
  if (error instanceof RefusedPicture) return error;
  return new RefusedPicture(format && isTried(format) ? format : 'broken', null, { cause: error });
}
