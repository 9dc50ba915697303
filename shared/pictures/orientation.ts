/** How the camera was held (EXIF, tag 0x0112): browsers read it in JPEG, and most of them nowhere else. */
import { joined } from './bytes.ts';
import type { Format, TriedFormat } from './formats.ts';
import { pngChunk, pngChunks, PNG_SIGNATURE } from './png.ts';
import type { Size } from './size.ts';

/** 1 is upright; 2 to 8 are mirrored, turned, or both. */
export type Orientation = number;

const ORIENTATION = 0x0112;

const latin1 = (bytes: Uint8Array, from: number, length: number) =>
  String.fromCharCode(...bytes.subarray(from, from + length));

/** Where a file's EXIF data is, from its byte order on; null if it has none. */
function exifOf(bytes: Uint8Array, format: Format | TriedFormat): Uint8Array | null {
  if (format === 'png') {
    for (const { type, data } of pngChunks(bytes)) if (type === 'eXIf') return data;
    return null;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const behindName = (at: number) => (latin1(bytes, at, 6) === 'Exif\0\0' ? at + 6 : at);
  if (format === 'webp') {
    for (let at = 12; at + 8 <= bytes.length;) {
      const length = view.getUint32(at + 4, true);
      if (latin1(bytes, at, 4) === 'EXIF')
        return bytes.subarray(behindName(at + 8), at + 8 + length);
      at += 8 + length + (length & 1);
    }
    return null;
  }
  if (format !== 'jpeg') return null;
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda;) {
    const end = at + 2 + view.getUint16(at + 2);
    const named = latin1(bytes, at + 4, 6) === 'Exif\0\0';
    if (bytes[at + 1] === 0xe1 && named) return bytes.subarray(at + 10, end);
    at = end;
  }
  return null;
}

/** Place of the number in EXIF data, and its byte order. */
function place(exif: Uint8Array): { at: number; little: boolean } | null {
  if (exif.length < 8) return null;
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  const little = exif[0] === 0x49;
  const first = view.getUint32(4, little);
  if (first + 2 > exif.length) return null;
  const count = view.getUint16(first, little);
  for (let at = first + 2; at + 12 <= exif.length && at < first + 2 + 12 * count; at += 12)
    if (view.getUint16(at, little) === ORIENTATION) return { at: at + 8, little };
  return null;
}

export function orientationOf(bytes: Uint8Array, format: Format | TriedFormat): Orientation {
  const exif = exifOf(bytes, format);
  const found = exif && place(exif);
  if (!found) return 1;
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  const value = view.getUint16(found.at, found.little);
  return value >= 1 && value <= 8 ? value : 1;
}

/** The same file as it is stored: no decoder turns it. */
export function asUpright(bytes: Uint8Array, format: 'png' | 'webp'): Uint8Array<ArrayBuffer> {
  if (format === 'png') {
    const kept = [...pngChunks(bytes)].filter(({ type }) => type !== 'eXIf');
    return joined([
      Uint8Array.from(PNG_SIGNATURE),
      ...kept.map(({ type, data }) => pngChunk(type, data)),
    ]);
  }
  const copy = Uint8Array.from(bytes);
  const exif = exifOf(copy, format);
  const found = exif && place(exif);
  if (found) new DataView(exif.buffer, exif.byteOffset).setUint16(found.at, 1, found.little);
  return copy;
}

/** RGBA. */
interface Pixels extends Size {
  readonly data: Uint8ClampedArray;
}

/** Pixels as they are stored, as they are to be seen. */
export function turned({ width, height, data }: Pixels, orientation: Orientation): Pixels {
  if (orientation === 1) return { width, height, data };
  // 5 to 8 lie on their side.
  const lying = orientation >= 5;
  const [outWidth, outHeight] = lying ? [height, width] : [width, height];
  const mirrored = [2, 3, 7, 8].includes(orientation);
  const flipped = [3, 4, 6, 7].includes(orientation);
  const [from, to] = [data, new Uint8ClampedArray(data.length)].map(
    (bytes) => new Uint32Array(bytes.buffer, bytes.byteOffset, width * height),
  ) as [Uint32Array, Uint32Array];
  for (let y = 0; y < outHeight; y++)
    for (let x = 0; x < outWidth; x++) {
      const [u, v] = lying ? [y, x] : [x, y];
      const [column, row] = [mirrored ? width - 1 - u : u, flipped ? height - 1 - v : v];
      to[y * outWidth + x] = from[row * width + column]!;
    }
  return {
    width: outWidth,
    height: outHeight,
    data: new Uint8ClampedArray(to.buffer, to.byteOffset, data.length),
  };
}
