/** Pictures in and out of files. */
import { stat } from 'node:fs/promises';
import sharp from 'sharp';
import type { Pixels } from '../web/engine/pipeline/pixels.ts';
import { UsageError } from './cli.ts';

/** Formats that browsers show too. */
const FORMATS = new Set(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif', 'heif']);

/** Decodes a picture, EXIF orientation honoured. Throws UsageError naming the file. */
export async function readPicture(path: string): Promise<Pixels> {
  const info = await stat(path).catch(() => null);
  if (!info?.isFile()) throw new UsageError(`${path}: no such file`);
  try {
    const { format } = await sharp(path).metadata();
    if (!FORMATS.has(format)) throw new Error(format);
    const { data, info: size } = await sharp(path)
      .rotate()
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { width: size.width, height: size.height, data: new Uint8ClampedArray(data) };
  } catch {
    throw new UsageError(
      `${path}: not a picture that can be read (JPEG, PNG, WebP, GIF, TIFF, AVIF)`,
    );
  }
}

/** Pictures of one height, side by side. */
export function beside(pictures: readonly Pixels[]): Pixels {
  const [first] = pictures;
  if (pictures.length === 1) return first!;
  const { height } = first!;
  const width = pictures.reduce((sum, picture) => sum + picture.width, 0);
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    let to = 4 * width * y;
    for (const picture of pictures) {
      const row = 4 * picture.width;
      data.set(picture.data.subarray(y * row, (y + 1) * row), to);
      to += row;
    }
  }
  return { width, height, data };
}

/** Encodes as PNG. */
export async function encodePng({ width, height, data }: Pixels): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
}
