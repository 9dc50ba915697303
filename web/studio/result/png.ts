/** The parts of the PNG format that carry text: a file is a signature and a row of chunks (RFC 2083 / PNG 3rd ed., 5). */

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Length, type and checksum around a chunk's data. */
const FRAME = 12;
/** Signature and IHDR, which comes first and has 13 bytes: text may stand right behind. */
export const PNG_HEAD = SIGNATURE.length + FRAME + 13;
/** Nobody puts more before the picture's data. */
const MAX_CHUNKS = 256;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

function chunk(type: string, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(FRAME + length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, length);
  bytes.set(latin1(type), 4);
  let at = 8;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  view.setUint32(at, crc32(bytes.subarray(4, at)));
  return bytes;
}

/** A short note in Latin letters. */
export const textChunk = (keyword: string, text: string) =>
  chunk('tEXt', latin1(`${keyword}\0${text}`));

/** Any text, in UTF-8, uncompressed, in no particular language. */
export const internationalTextChunk = (keyword: string, text: string) =>
  chunk('iTXt', latin1(`${keyword}\0\0\0\0\0`), new TextEncoder().encode(text));

const isPng = (bytes: Uint8Array): boolean =>
  bytes.length >= PNG_HEAD && SIGNATURE.every((byte, i) => bytes[i] === byte);

/**
 * The text under a keyword that stands before the picture's data. `bytes` is the file's beginning, any bytes at all:
 * what is torn, damaged or not a PNG has no text.
 */
export function readInternationalText(bytes: Uint8Array, keyword: string): string | null {
  if (!isPng(bytes)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = latin1(`${keyword}\0\0\0`);
  let at = SIGNATURE.length;
  for (let n = 0; n < MAX_CHUNKS && at + FRAME <= bytes.length; n++) {
    const end = at + 8 + view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === 'IDAT' || end + 4 > bytes.length) return null;
    const data = bytes.subarray(at + 8, end);
    if (type === 'iTXt' && head.every((byte, i) => data[i] === byte)) {
      if (view.getUint32(end) !== crc32(bytes.subarray(at + 4, end))) return null;
      return decode(data.subarray(head.length));
    }
    at = end + 4;
  }
  return null;
}

/** What follows the keyword: a language and the keyword in it, each ended by a zero, then the text. */
function decode(rest: Uint8Array): string | null {
  const language = rest.indexOf(0);
  const translated = rest.indexOf(0, language + 1);
  if (language < 0 || translated < 0) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(rest.subarray(translated + 1));
  } catch {
    return null;
  }
}
