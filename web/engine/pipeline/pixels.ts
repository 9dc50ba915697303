/** Pictures: RGBA bytes outside, planar floats 0..1 inside. */
import { InvalidRequestError } from '../errors.ts';

/** Rows from top to bottom, RGBA, 8 bits, not premultiplied: what ImageData holds. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** [channels, height, width], 0..1. */
export interface Planes {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Float32Array;
}

export function checkPixels({ width, height, data }: Pixels, what: string): void {
  const whole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (whole && data.length === width * height * 4) return;
  throw new InvalidRequestError(`${what} is not a picture`, 'Choose a JPEG, PNG or WebP file.');
}

/** Colours and, as a fourth plane, alpha; colours of transparent pixels are laid over white. */
export function toPlanes({ width, height, data }: Pixels): Planes {
  const area = width * height;
  const planes = new Float32Array(4 * area);
  for (let i = 0; i < area; i++) {
    const alpha = data[4 * i + 3]! / 255;
    for (let c = 0; c < 3; c++) planes[c * area + i] = (data[4 * i + c]! / 255) * alpha + 1 - alpha;
    planes[3 * area + i] = alpha;
  }
  return { width, height, channels: 4, data: planes };
}

export function rgbOf({ width, height, data }: Planes): Float32Array {
  return data.slice(0, 3 * width * height);
}

/** Bytes from RGB planes 0..1 (values outside are clamped) and the alpha plane of `shape`. */
export function toPixels(rgb: Float32Array, shape: Planes): Pixels {
  const { width, height } = shape;
  const area = width * height;
  const data = new Uint8ClampedArray(4 * area);
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < 3; c++) data[4 * i + c] = rgb[c * area + i]! * 255;
    data[4 * i + 3] = shape.data[3 * area + i]! * 255;
  }
  return { width, height, data };
}

/** Width and height with this long side, the aspect ratio kept to the nearest pixel. */
export function fitLongSide(
  width: number,
  height: number,
  longSide: number,
): { width: number; height: number } {
  const scale = longSide / Math.max(width, height);
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}
