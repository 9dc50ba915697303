import type { ResultType } from '../shared/job.ts';

/** What a picture says about itself in its first bytes. */
export interface ImageHeader {
  readonly type: ResultType;
  readonly width: number;
  readonly height: number;
}

/** Enough of a file to find its dimensions: JPEG may carry up to some 64 KB segments before them. */
export const HEADER_BYTES = 512 * 1024;

/** Read type and size without decoding a pixel; null when it is no PNG, JPEG or WebP, or a damaged one. */
export function readImageHeader(bytes: Buffer): ImageHeader | null {
  return readPng(bytes) ?? readJpeg(bytes) ?? readWebp(bytes);
}

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function readPng(b: Buffer): ImageHeader | null {
  if (b.length < 33 || !b.subarray(0, 8).equals(PNG)) return null;
  if (b.readUInt32BE(8) !== 13 || b.toString('latin1', 12, 16) !== 'IHDR') return null;
  return sized('image/png', b.readUInt32BE(16), b.readUInt32BE(20));
}

/** Frame headers SOF0..SOF15, without the three numbers that mean something else. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function readJpeg(b: Buffer): ImageHeader | null {
  if (b.length < 4 || b.readUInt16BE(0) !== 0xffd8) return null;
  let at = 2;
  while (at + 9 <= b.length) {
    if (b[at] !== 0xff) return null;
    const marker = b[at + 1]!;
    if (marker === 0xff) {
      at += 1; // padding
    } else if (isFrame(marker)) {
      return sized('image/jpeg', b.readUInt16BE(at + 7), b.readUInt16BE(at + 5));
    } else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += 2; // a marker without a body
    } else if (marker === 0xd9 || marker === 0xda) {
      return null; // pixels or the end, and no frame header before
    } else {
      const length = b.readUInt16BE(at + 2);
      if (length < 2) return null;
      at += 2 + length;
    }
  }
  return null;
}

function readWebp(b: Buffer): ImageHeader | null {
  if (b.length < 30 || b.toString('latin1', 0, 4) !== 'RIFF') return null;
  if (b.toString('latin1', 8, 12) !== 'WEBP') return null;
  switch (b.toString('latin1', 12, 16)) {
    case 'VP8 ':
      if (b.readUIntBE(23, 3) !== 0x9d012a) return null;
      return sized('image/webp', b.readUInt16LE(26) & 0x3fff, b.readUInt16LE(28) & 0x3fff);
    case 'VP8L': {
      if (b[20] !== 0x2f) return null;
      const bits = b.readUInt32LE(21);
      return sized('image/webp', (bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
    }
    case 'VP8X':
      return sized('image/webp', b.readUIntLE(24, 3) + 1, b.readUIntLE(27, 3) + 1);
    default:
      return null;
  }
}

function sized(type: ResultType, width: number, height: number): ImageHeader | null {
  return width > 0 && height > 0 ? { type, width, height } : null;
}
