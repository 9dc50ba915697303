/** Pixels, canvases and files. */
import type { Pixels } from '../../worker/face.ts';

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
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
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
