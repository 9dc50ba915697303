/** A picture to work with, wherever it came from. */
import { inEach } from '../../../shared/languages.ts';
import type { Pixels } from '../../worker/contract.ts';
import { readPixels, shrink, toBlob } from '../kit/pixels.ts';
import { checkSize, refusalOf, RefusedPicture } from '../../../shared/pictures/refusal.ts';
import type { SavedPicture } from '../../storage/runs.ts';
import type { Localized } from '../../texts/index.ts';

export interface Picture {
  readonly id: string;
  readonly title: Localized;
  /** What an <img> can show. */
  readonly url: string;
  /** The same for the strips, where there is a smaller one. */
  readonly thumb?: string;
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
  readonly file: string;
  readonly why: RefusedPicture;

  constructor(file: string, why: RefusedPicture) {
    super(`${file}: ${why.reason}`, { cause: why });
    this.file = file;
    this.why = why;
  }
}

export interface OpenedFile {
  readonly picture: Picture;
  /** Size before it was scaled down; null if it was not. */
  readonly scaledFrom: { readonly width: number; readonly height: number } | null;
  /** It had more frames than the one that was taken. */
  readonly moving: boolean;
  /** The file's name, if it is what is left of a damaged one. */
  readonly damaged: string | null;
}

let count = 0;
export const nextId = () => `own-${++count}`;

/** @throws RefusedFile */
export async function openFile(file: File): Promise<OpenedFile> {
  const name = file.name || 'image';
  try {
    // Large, and not needed before somebody brings a file.
    const { mended } = await import('./file.ts');
    const { blob, format, damaged, moving } = await mended(file);
    const url = URL.createObjectURL(blob);
    try {
      const opened = await openUrl(url, name, moving);
      return { ...opened, moving, damaged: damaged ? name : null };
    } catch (error) {
      URL.revokeObjectURL(url);
      throw refusalOf(error, format);
    }
  } catch (error) {
    throw new RefusedFile(name, refusalOf(error, null));
  }
}

async function openUrl(
  url: string,
  name: string,
  moving: boolean,
): Promise<Pick<OpenedFile, 'picture' | 'scaledFrom'>> {
  const image = await loadImage(url);
  const title = name.replace(/\.[a-z0-9]+$/i, '');
  const own = { id: nextId(), title: inEach(() => title), own: true };
  const { naturalWidth: width, naturalHeight: height } = image;
  checkSize({ width, height });
  if (isBlank(image)) throw new RefusedPicture('broken');
  const large = Math.max(width, height) > MAX_SIDE;
  if (!large && !moving) return { picture: { ...own, url, width, height }, scaledFrom: null };
  const canvas = shrink(image, width, height, MAX_SIDE);
  // WebP keeps transparency and is quick to make; a frame of a film is taken as it is.
  const still = await toBlob(canvas, large ? 'image/webp' : 'image/png', 0.95);
  URL.revokeObjectURL(url);
  const size = { width: canvas.width, height: canvas.height };
  const picture = { ...own, url: URL.createObjectURL(still), ...size };
  return { picture, scaledFrom: large ? { width, height } : null };
}

/** Browsers show nothing at all of some damaged files, without a word. */
function isBlank(image: HTMLImageElement): boolean {
  const { data } = readPixels(shrink(image, image.naturalWidth, image.naturalHeight, 64));
  return data.every((value, i) => i % 4 !== 3 || value === 0);
}

/** A kept picture again. */
export async function restore({ blob, title, sample }: SavedPicture): Promise<Picture> {
  const url = URL.createObjectURL(blob);
  try {
    const { naturalWidth: width, naturalHeight: height } = await loadImage(url);
    return { id: sample ?? nextId(), title, url, width, height, own: sample === null };
  } catch (error) {
    URL.revokeObjectURL(url);
    throw error;
  }
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
