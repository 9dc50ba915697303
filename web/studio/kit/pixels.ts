/** Pixels, canvases and files. */
import type { Pixels } from '../../worker/contract.ts';

export type { Pixels };

export function drawPixels(canvas: HTMLCanvasElement, { width, height, data }: Pixels): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = new ImageData(data as Uint8ClampedArray<ArrayBuffer>, width, height);
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}

/** A picture on a canvas of its own, its longer side at most `longSide`. */
export function shrink(
  source: CanvasImageSource,
  width: number,
  height: number,
  longSide: number,
): HTMLCanvasElement {
  const scale = Math.min(1, longSide / Math.max(width, height));
  return drawAt(
    source,
    Math.max(1, Math.round(width * scale)),
    Math.max(1, Math.round(height * scale)),
  );
}

/** A picture on a canvas of its own, at just this size. */
export function drawAt(
  source: CanvasImageSource,
  width: number,
  height: number,
): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, width, height);
  return canvas;
}

/** Pixels at another's size. The same size is the same object. */
export function resize(pixels: Pixels, { width, height }: Pixels): Pixels {
  if (pixels.width === width && pixels.height === height) return pixels;
  const canvas = document.createElement('canvas');
  drawPixels(canvas, pixels);
  return readPixels(drawAt(canvas, width, height));
}

export function readPixels(canvas: HTMLCanvasElement): Pixels {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
  return { width, height, data };
}

export function toBlob(canvas: HTMLCanvasElement, type: string, quality?: number): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error(`no ${type} of this canvas`))),
      type,
      quality,
    );
  });
}
