/** PNG: a signature and a row of chunks (PNG, 3rd edition, 5). */
import { joined } from './bytes.ts';

export const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Length, type and checksum around a chunk's data. */
const FRAME = 12;
/** Signature and IHDR, which comes first and has 13 bytes. */
export const PNG_HEAD = PNG_SIGNATURE.length + FRAME + 13;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Any bytes at all that begin as a PNG does. */
export const isPng = (bytes: Uint8Array): boolean =>
  bytes.length >= PNG_HEAD && PNG_SIGNATURE.every((byte, i) => bytes[i] === byte);

const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

export function pngChunk(type: string, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const data = joined(parts);
  const bytes = new Uint8Array(FRAME + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(latin1(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

export interface Chunk {
  readonly type: string;
  /** As much as there is. */
  readonly data: Uint8Array;
  /** Nothing of it is missing, and its checksum is right. */
  readonly whole: boolean;
}

/** The chunks of a file, as far as they can be told. */
export function* pngChunks(bytes: Uint8Array): Generator<Chunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = PNG_SIGNATURE.length;
  while (at + 8 <= bytes.length) {
    const end = at + 8 + view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (!/^[a-z]{4}$/i.test(type)) return;
    const whole =
      end + 4 <= bytes.length && view.getUint32(end) === crc32(bytes.subarray(at + 4, end));
    yield { type, data: bytes.subarray(at + 8, end), whole };
    at = end + 4;
  }
}
