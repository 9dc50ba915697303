/** A picture to work with, wherever it came from. */
import type { Pixels } from '../../worker/contract.ts';
import { readPixels, shrink, toBlob } from '../kit/pixels.ts';
import type { SavedPicture } from '../../storage/runs.ts';
import type { Localized } from '../../texts/index.ts';
import { sniff, type Found, type Sniffed } from './sniff.ts';

export interface Picture {
  readonly id: string;
  readonly title: Localized;
  /** What an <img> can show. */
  readonly url: string;
  /** As seen, with the camera's orientation applied. */
  readonly width: number;
  readonly height: number;
  readonly own: boolean;
}

export interface ChosenStyle {
  readonly picture: Picture;
  /** Any positive number; the ratio of all the styles' counts. */
  readonly weight: number;
}

/** Anything larger gains nothing and may be too much for a phone. */
const MAX_SIDE = 4096;

/** Why a file was not taken. */
export class RefusedFile extends Error {
  readonly reason: Exclude<Sniffed, 'picture'> | 'broken';
  readonly file: string;

  constructor(reason: RefusedFile['reason'], file: string) {
    super(`${file}: ${reason}`);
    this.reason = reason;
    this.file = file;
  }
}

export interface OpenedFile {
  readonly picture: Picture;
  /** Size before it was scaled down; null if it was not. */
  readonly scaledFrom: { readonly width: number; readonly height: number } | null;
  /** It had more frames than the one that was taken. */
  readonly moving: boolean;
}

let count = 0;
const nextId = () => `own-${++count}`;

/** @throws RefusedFile */
export async function openFile(file: File): Promise<OpenedFile> {
  const name = file.name || 'image';
  const { kind, moving } = await sniff(file).catch((): Found => {
    throw new RefusedFile('broken', name);
  });
  // Safari reads HEIC, so that is refused only after a try.
  if (kind !== 'picture' && kind !== 'heic') throw new RefusedFile(kind, name);
  const title = name.replace(/\.[a-z0-9]+$/i, '');
  let url = URL.createObjectURL(file);
  try {
    const image = await loadImage(url);
    let { naturalWidth: width, naturalHeight: height } = image;
    const large = Math.max(width, height) > MAX_SIDE;
    const scaledFrom = large ? { width, height } : null;
    if (large || moving) {
      const canvas = shrink(image, width, height, MAX_SIDE);
      ({ width, height } = canvas);
      // WebP keeps transparency and is quick to make.
      const still = await toBlob(canvas, 'image/webp', 0.95);
      URL.revokeObjectURL(url);
      url = URL.createObjectURL(still);
    }
    const picture = {
      id: nextId(),
      title: { en: title, ru: title },
      url,
      width,
      height,
      own: true,
    };
    return { picture, scaledFrom, moving };
  } catch {
    URL.revokeObjectURL(url);
    throw new RefusedFile(kind === 'heic' ? 'heic' : 'broken', name);
  }
}

/** A kept picture again. */
export async function restore({ blob, title, sample }: SavedPicture): Promise<Picture> {
  const url = URL.createObjectURL(blob);
  const { naturalWidth: width, naturalHeight: height } = await loadImage(url);
  return { id: sample ?? nextId(), title, url, width, height, own: sample === null };
}

/** The picture's pixels, the longer side at most `longSide`. */
export async function pixelsOf({ url }: Picture, longSide: number): Promise<Pixels> {
  const image = await loadImage(url);
  return readPixels(shrink(image, image.naturalWidth, image.naturalHeight, longSide));
}

/** An <img> honours the EXIF orientation, also when drawn on a canvas. */
export async function loadImage(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  await image.decode();
  if (image.naturalWidth === 0) throw new Error('a picture without a size');
  return image;
}
