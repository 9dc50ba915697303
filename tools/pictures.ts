/** Pictures in and out of files. */
import { readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { decodeBmp } from '../shared/pictures/bmp.ts';
import { decodePrint } from '../shared/pictures/cmyk/index.ts';
import { examine, type Examined } from '../shared/pictures/examine.ts';
import { PNG_HEAD } from '../shared/pictures/png.ts';
import { recipeChunks, recipeXmp, type Recipe } from '../shared/recipe.ts';
import { isPrint, trimJpeg } from '../shared/pictures/jpeg.ts';
import { checkSize, refusalOf, RefusedPicture } from '../shared/pictures/refusal.ts';
import { tiffAsPng } from '../shared/pictures/tiff/index.ts';
import { PICTURE_WORDS, whyRefused } from '../shared/pictures/words.ts';
import type { Pixels } from '../web/engine/pipeline/pixels.ts';
import { UsageError } from './cli.ts';
import type { OutputFormat } from './output.ts';

const WORDS = PICTURE_WORDS.en;

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'that is a folder',
};

/**
 * Decodes a picture: EXIF orientation honoured, colours in sRGB. Of a damaged file what there is, with a word about it.
 * Throws UsageError naming the file and what is wrong with it.
 */
export async function readPicture(path: string): Promise<Pixels> {
  const bytes = await readFile(path).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code;
    throw new UsageError(`${path}: ${WHY[code ?? ''] ?? `cannot be read (${code})`}`);
  });
  try {
    const examined = examine(new Uint8Array(bytes));
    const pixels = await decode(examined);
    if (examined.damaged) process.stderr.write(`note: ${WORDS.damaged(path, pixels)}\n`);
    return pixels;
  } catch (error) {
    if (!(error instanceof RefusedPicture)) throw error;
    throw new UsageError(`${whyRefused(WORDS, path, error)} ${WORDS.advice[error.reason]}`);
  }
}

async function decode({ format, bytes, damaged }: Examined): Promise<Pixels> {
  try {
    if (format === 'bmp') return decodeBmp(bytes);
    if (format === 'jpeg' && isPrint(bytes)) {
      const print = decodePrint(bytes, damaged);
      if (!print) throw new RefusedPicture('broken');
      return print;
    }
    const usable =
      format === 'jpeg' && damaged
        ? trimJpeg(bytes, await pixelsOf(open(bytes)))
        : format === 'tiff'
          ? await tiffAsPng(bytes)
          : bytes;
    if (!usable) throw new RefusedPicture('broken');
    const picture = open(usable);
    const { width, height, space, depth, icc } = await picture.metadata();
    checkSize({ width, height });
    // Inks as a print looks, by the profile in the file or else by a usual one.
    if (space === 'cmyk') picture.pipelineColourspace('cmyk');
    picture.rotate().toColourspace('srgb');
    // Left to itself, sharp takes 16 bits to Display P3 and calls them sRGB.
    if (icc && depth === 'ushort') picture.withIccProfile('srgb');
    return await pixelsOf(picture);
  } catch (error) {
    throw refusalOf(error, format);
  }
}

/** Whatever can be decoded; sizes are checked before. */
const open = (bytes: Uint8Array) => sharp(bytes, { failOn: 'none', limitInputPixels: false });

async function pixelsOf(picture: Sharp): Promise<Pixels> {
  const { data, info } = await picture.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  return { width, height, data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.length) };
}

/** High enough that brush strokes stay clean. */
const QUALITY = 93;

/** As a file of this format, its recipe inside; where there is no transparency, over white. */
export async function encodePicture(
  { width, height, data }: Pixels,
  format: OutputFormat,
  recipe: Recipe | null,
): Promise<Uint8Array> {
  const picture = sharp(data, { raw: { width, height, channels: 4 } });
  if (format === 'png') {
    const png = await picture.png().toBuffer();
    const chunks = recipe ? recipeChunks(recipe) : [];
    return Buffer.concat([png.subarray(0, PNG_HEAD), ...chunks, png.subarray(PNG_HEAD)]);
  }
  if (recipe) picture.withXmp(recipeXmp(recipe));
  switch (format) {
    case 'jpeg':
      picture
        .flatten({ background: '#fff' })
        .jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4' });
      break;
    case 'webp':
      picture.webp({ quality: QUALITY });
      break;
    case 'avif':
      picture.avif({ quality: 80, chromaSubsampling: '4:4:4' });
      break;
    case 'tiff':
      picture.tiff({ compression: 'deflate' });
      break;
  }
  return picture.toBuffer();
}
