/** Pixels as a file, with the recipe inside where the format has a place for it. */
import { version } from '../../../package.json';
import type { Pixels } from '../../worker/contract.ts';
import { drawPixels, toBlob } from '../kit/pixels.ts';
import { PNG_HEAD } from '../../../shared/pictures/png.ts';
import { recipeChunks, type Recipe } from '../../../shared/recipe.ts';

export const VERSION = version;

export const FORMATS = { png: 'image/png', jpeg: 'image/jpeg', webp: 'image/webp' } as const;
export type Format = keyof typeof FORMATS;

/** High enough that brush strokes stay clean, and a fifth of the PNG's size. */
const QUALITY = { png: undefined, jpeg: 0.93, webp: 0.93 } as const;

/** Safari shows WebP but cannot write it, and hands out a PNG instead. */
export function writableFormats(): readonly Format[] {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const webp = canvas.toDataURL(FORMATS.webp).startsWith(`data:${FORMATS.webp}`);
  return webp ? ['png', 'jpeg', 'webp'] : ['png', 'jpeg'];
}

/** @throws Error if the picture is too large for this browser, or it cannot write the format */
export async function encodePicture(
  pixels: Pixels,
  format: Format,
  recipe: Recipe | null = null,
): Promise<Blob> {
  const canvas = document.createElement('canvas');
  drawPixels(canvas, pixels);
  if (format === 'jpeg') putPaperBehind(canvas);
  const type = FORMATS[format];
  const blob = await toBlob(canvas, type, QUALITY[format]);
  if (blob.type !== type) throw new Error(`this browser cannot write ${type}`);
  return format === 'png' && recipe ? writeRecipe(blob, recipe) : blob;
}

/** JPEG has no transparency; left to itself, what is transparent comes out black. */
function putPaperBehind(canvas: HTMLCanvasElement): void {
  const context = canvas.getContext('2d')!;
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
}

function writeRecipe(png: Blob, recipe: Recipe): Blob {
  const parts = [png.slice(0, PNG_HEAD), ...recipeChunks(recipe), png.slice(PNG_HEAD)];
  return new Blob(parts, { type: FORMATS.png });
}
