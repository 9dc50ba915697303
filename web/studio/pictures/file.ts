/** A file that somebody brought, made fit for any browser before it is decoded. */
import { examine, type Examined } from '../../../shared/pictures/examine.ts';
import { asStored, isPrint, trimJpeg } from '../../../shared/pictures/jpeg.ts';
import { refusalOf, RefusedPicture } from '../../../shared/pictures/refusal.ts';
import { asUpright, orientationOf, turned } from '../../../shared/pictures/orientation.ts';
import { inDecoder } from '../../worker/decode.ts';
import { drawAt, drawPixels, readPixels, shrink, toBlob, type Pixels } from '../kit/pixels.ts';

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
  const same = { format, damaged, moving };
  const own = await decodedHere(format, examined.bytes, damaged);
  if (own) return { ...same, blob: await pngOf(own) };
  if (format === 'tiff') {
    const png = await asPng(examined.bytes);
    return { ...same, blob: await uprightPicture(blobOf(png, 'png'), png, 'png') };
  }
  const usable = damaged && format === 'jpeg' ? await trimmed(examined.bytes) : examined.bytes;
  const blob = damaged ? blobOf(usable, format) : file;
  return { ...same, blob: await uprightPicture(blob, usable, format) };
}

const blobOf = (bytes: Uint8Array<ArrayBuffer>, format: Examined['format']) =>
  new Blob([bytes], { type: `image/${format}` });

async function asPng(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await inDecoder((decoder) => decoder.tiff(bytes));
  } catch (error) {
    throw refusalOf(error, 'tiff');
  }
}

/** What browsers show in ways of their own; null for all else. */
async function decodedHere(
  format: Examined['format'],
  bytes: Uint8Array<ArrayBuffer>,
  damaged: boolean,
): Promise<Pixels | null> {
  if (format !== 'jpeg' || !isPrint(bytes)) return null;
  const print = await inDecoder((decoder) => decoder.print(bytes, damaged));
  if (!print) throw new RefusedPicture('broken');
  return print;
}

/** Browsers turn JPEG as the camera was held, and most of them nothing else. */
async function uprightPicture(
  blob: Blob,
  bytes: Uint8Array<ArrayBuffer>,
  format: Examined['format'],
): Promise<Blob> {
  if (format !== 'png' && format !== 'webp') return blob;
  const orientation = orientationOf(bytes, format);
  if (orientation === 1) return blob;
  const bitmap = await createImageBitmap(blobOf(asUpright(bytes, format), format));
  const { width, height } = bitmap;
  const stored = readPixels(drawAt(bitmap, width, height));
  bitmap.close();
  return pngOf(turned(stored, orientation));
}

function pngOf(pixels: Pixels): Promise<Blob> {
  const canvas = document.createElement('canvas');
  drawPixels(canvas, pixels);
  return toBlob(canvas, 'image/png');
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
