/** Why a picture is not taken. */
import {
  isTried,
  PICTURE_LIMITS,
  type Format,
  type NoPicture,
  type TriedFormat,
} from './formats.ts';
import type { Size } from './size.ts';

/**
 * Why a file is not taken. broken: there are no pixels to be had; huge: more of them than PICTURE_LIMITS; tiff: of a kind
 * that is not known.
 */
export type Refusal = TriedFormat | NoPicture | 'broken' | 'huge' | 'tiff';

export class RefusedPicture extends Error {
  readonly reason: Refusal;
  /** As the file says it, where that is the reason. */
  readonly size: Size | null;

  constructor(reason: Refusal, size: Size | null = null, options?: ErrorOptions) {
    super(reason, options);
    this.reason = reason;
    this.size = size;
  }
}

/** What went wrong with decoding a file of this format, as a reason that people can be told. */
export function refusalOf(error: unknown, format: Format | TriedFormat | null): RefusedPicture {
  if (error instanceof RefusedPicture) return error;
  const named = format === 'tiff' || (format && isTried(format)) ? format : 'broken';
  return new RefusedPicture(named, null, { cause: error });
}

/** @throws RefusedPicture if a picture has more pixels than any is taken with */
export function checkSize(size: Size): void {
  if (size.width * size.height > PICTURE_LIMITS.pixels) throw new RefusedPicture('huge', size);
}
