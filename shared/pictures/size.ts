/** Width and height as a file's header says them, without decoding a pixel. */
import { tiffSize } from './tiff/size.ts';
import { isFormat, sniff, type Format } from './formats.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Header extends Size {
  readonly format: Format;
}

/** Enough of a file to find its size in: a JPEG may carry several segments of 64 KB before it. */
export const HEADER_BYTES = 512 * 1024;

/**
 * Format and size of the picture as it is stored, the camera's orientation not applied; null if it is none of `FORMATS`,
 * or damaged before its size. `bytes` is the file's beginning, any bytes at all.
 */
export function readHeader(bytes: Uint8Array): Header | null {
  const { kind } = sniff(bytes);
  if (!isFormat(kind)) return null;
  const size = READERS[kind](new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return size && size.width > 0 && size.height > 0 ? { format: kind, ...size } : null;
}

const READERS: Readonly<Record<Format, (view: DataView) => Size | null>> = {
  jpeg,
  png,
  webp,
  avif,
  gif: (view) =>
    view.byteLength < 10
      ? null
      : { width: view.getUint16(6, true), height: view.getUint16(8, true) },
  bmp,
  tiff: tiffSize,
};

const text = (view: DataView, from: number, length: number): string =>
  String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + from, length));

function png(view: DataView): Size | null {
  if (view.byteLength < 33 || view.getUint32(8) !== 13 || text(view, 12, 4) !== 'IHDR') return null;
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** Frame headers SOF0..SOF15, without the three numbers that mean something else. */
export const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function jpeg(view: DataView): Size | null {
  let at = 2;
  while (at + 9 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1; // padding
    } else if (isFrame(marker)) {
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    } else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += 2; // a marker without a body
    } else if (marker === 0xd9 || marker === 0xda) {
      return null; // pixels or the end, and no frame header before
    } else {
      const length = view.getUint16(at + 2);
      if (length < 2) return null;
      at += 2 + length;
    }
  }
  return null;
}

function webp(view: DataView): Size | null {
  if (view.byteLength < 30) return null;
  const uint24 = (at: number) => view.getUint16(at, true) + 65536 * view.getUint8(at + 2);
  switch (text(view, 12, 4)) {
    case 'VP8 ':
      if (uint24(23) !== 0x2a019d) return null;
      return {
        width: view.getUint16(26, true) & 0x3fff,
        height: view.getUint16(28, true) & 0x3fff,
      };
    case 'VP8L': {
      if (view.getUint8(20) !== 0x2f) return null;
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: uint24(24) + 1, height: uint24(27) + 1 };
    default:
      return null;
  }
}

/** The size is a property of the item, somewhere in the boxes before the data; tiles and thumbnails are smaller. */
function avif(view: DataView): Size | null {
  let largest: Size | null = null;
  const end = Math.min(view.byteLength, 65536) - 16;
  for (let at = 4; at <= end; at++) {
    if (view.getUint32(at) !== 0x69737065) continue; // 'ispe'
    const size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}

function bmp(view: DataView): Size | null {
  if (view.byteLength < 26) return null;
  // OS/2's first header has 16 bits for each.
  if (view.getUint32(14, true) === 12) {
    return { width: view.getUint16(18, true), height: view.getUint16(20, true) };
  }
  return { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
}
