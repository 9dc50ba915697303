/** A file that somebody brought, before it is decoded: what it is, whether it can be taken, and mended if it is damaged. */
import { isFormat, isTried, sniff, type Format, type TriedFormat } from './formats.ts';
import { mendBmp } from './bmp.ts';
import { mendGif } from './gif.ts';
import { mendJpeg } from './jpeg.ts';
import { mendPng } from './pngMend.ts';
import { checkSize, RefusedPicture } from './refusal.ts';
import { readHeader, type Size } from './size.ts';

export interface Examined {
  readonly format: Format | TriedFormat;
  /** As it is stored, the camera's orientation not applied; null if only a decoder can tell. */
  readonly size: Size | null;
  /** The file, or what could be saved of it: a decoder that reads the format reads this. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Something is missing or wrong; the picture may have lost a part. */
  readonly damaged: boolean;
  /** It has more than one frame. */
  readonly moving: boolean;
}

/** @throws RefusedPicture */
export function examine(file: Uint8Array<ArrayBuffer>): Examined {
  const { kind, moving } = sniff(file);
  if (isTried(kind)) return { format: kind, size: null, bytes: file, damaged: false, moving };
  if (!isFormat(kind)) throw new RefusedPicture(kind);
  const header = readHeader(file);
  if (!header) throw new RefusedPicture(kind === 'tiff' ? 'tiff' : 'broken');
  const { width, height } = header;
  checkSize({ width, height });
  const mended = (MENDERS[kind] ?? asItIs)(file);
  if (!mended) throw new RefusedPicture('broken');
  return { format: kind, size: { width, height }, ...mended, moving };
}

/** A file that any decoder reads, or null if there are no pixels in it. */
type Mend = (file: Uint8Array<ArrayBuffer>) => Pick<Examined, 'bytes' | 'damaged'> | null;

const asItIs: Mend = (bytes) => ({ bytes, damaged: false });
const MENDERS: Partial<Record<Format, Mend>> = {
  jpeg: mendJpeg,
  png: mendPng,
  gif: mendGif,
  bmp: mendBmp,
};
