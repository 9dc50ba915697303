// A picture of float colours: filling, sampling, blending, blurring, and saving as JPEG.
import sharp from 'sharp';
import type { Rgb } from './colour.ts';
import { clamp } from './noise.ts';

export interface Size {
  width: number;
  height: number;
}

export class Raster implements Size {
  readonly data: Float32Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.data = new Float32Array(width * height * 3);
  }

  /** Computes every pixel; x and y are pixel indices. */
  static from({ width, height }: Size, shade: (x: number, y: number) => Rgb): Raster {
    const raster = new Raster(width, height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) raster.set(x, y, shade(x, y));
    }
    return raster;
  }

  get(x: number, y: number): Rgb {
    const column = clamp(Math.round(x), 0, this.width - 1);
    const at = (clamp(Math.round(y), 0, this.height - 1) * this.width + column) * 3;
    return [this.data[at]!, this.data[at + 1]!, this.data[at + 2]!];
  }

  set(x: number, y: number, colour: Rgb): void {
    this.data.set(colour, (y * this.width + x) * 3);
  }

  /** Lays a colour over a pixel; points outside the picture are ignored. */
  blend(x: number, y: number, colour: Rgb, alpha: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const at = (y * this.width + x) * 3;
    for (let c = 0; c < 3; c++) this.data[at + c]! += (colour[c]! - this.data[at + c]!) * alpha;
  }

  map(change: (colour: Rgb, x: number, y: number) => Rgb): Raster {
    return Raster.from(this, (x, y) => change(this.get(x, y), x, y));
  }

  blurred(radius: number): Raster {
    const result = new Raster(this.width, this.height);
    for (let c = 0; c < 3; c++) {
      const plane = new Float32Array(this.width * this.height);
      for (let i = 0; i < plane.length; i++) plane[i] = this.data[i * 3 + c]!;
      const soft = blurPlane(plane, this, radius);
      for (let i = 0; i < plane.length; i++) result.data[i * 3 + c] = soft[i]!;
    }
    return result;
  }
}

/** Three box passes each way, close to a Gaussian; edges repeat. */
function blurPlane(plane: Float32Array, size: Size, radius: number): Float32Array {
  const { width, height } = size;
  let current = plane;
  const reach = Math.max(1, Math.round(radius));
  for (let pass = 0; pass < 3; pass++) {
    current = boxLines(current, width, height, 1, width, reach);
    current = boxLines(current, height, width, width, 1, reach);
  }
  return current;
}

function boxLines(
  source: Float32Array,
  length: number,
  lines: number,
  step: number,
  lineStep: number,
  reach: number,
): Float32Array {
  const target = new Float32Array(source.length);
  for (let line = 0; line < lines; line++) {
    const start = line * lineStep;
    const at = (i: number): number => source[start + clamp(i, 0, length - 1) * step]!;
    let sum = 0;
    for (let i = -reach; i <= reach; i++) sum += at(i);
    for (let i = 0; i < length; i++) {
      target[start + i * step] = sum / (2 * reach + 1);
      sum += at(i + reach + 1) - at(i - reach);
    }
  }
  return target;
}

/** Draws SVG elements, given in units of a view box, into a raster of display values. */
export async function drawSvg(size: Size, viewBox: Size, shapes: string): Promise<Raster> {
  const box = `viewBox="0 0 ${viewBox.width} ${viewBox.height}" preserveAspectRatio="none"`;
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" ${box}>`;
  const drawing = sharp(Buffer.from(`${open}${shapes}</svg>`)).removeAlpha();
  const raster = new Raster(size.width, size.height);
  raster.data.set(await drawing.raw().toBuffer());
  for (let i = 0; i < raster.data.length; i++) raster.data[i]! /= 255;
  return raster;
}

/** Writes the best JPEG that fits the byte limit and returns its size in bytes. */
export async function saveJpeg(raster: Raster, file: string, limit: number): Promise<number> {
  const bytes = Buffer.alloc(raster.data.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.round(clamp(raster.data[i]!) * 255);
  const image = sharp(bytes, { raw: { width: raster.width, height: raster.height, channels: 3 } });
  for (let quality = 90; ; quality -= 2) {
    const encoded = image.clone().jpeg({ quality, mozjpeg: true });
    const { length } = await encoded.clone().toBuffer();
    if (length <= limit || quality <= 60) {
      await encoded.toFile(file);
      return length;
    }
  }
}

/** A JPEG once more, so small that its shorter side has `side` pixels. */
export async function saveThumb(file: string, thumb: string, side: number): Promise<void> {
  const small = sharp(file).resize({ width: side, height: side, fit: 'outside' });
  await small.jpeg({ quality: 80, mozjpeg: true }).toFile(thumb);
}
