/** GIF (GIF89a, 20 to 22): files that end within their first frame. */
import { joined } from './bytes.ts';

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const END = 0x3b;
const INTERLACED = 0x40;
/** Codes have at most 12 bits. */
const MOST_CODES = 4096;

/**
 * The same file if its first frame is all there, else one with the rows that are; null if there are none.
 * An interlaced frame keeps its height: what there is of it is spread over all of it.
 */
export function mendGif(
  bytes: Uint8Array<ArrayBuffer>,
): { bytes: Uint8Array<ArrayBuffer>; damaged: boolean } | null {
  let at = 13 + table(bytes[10] ?? 0);
  while (bytes[at] === EXTENSION) at = blocksFrom(bytes, at + 2).end;
  if (bytes[at] !== IMAGE || at + 11 > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [view.getUint16(at + 5, true), view.getUint16(at + 7, true)];
  const flags = bytes[at + 9]!;
  const code = at + 10 + table(flags);
  const data = blocksFrom(bytes, code + 1);
  if (data.whole) return { bytes, damaged: false };
  const rows = Math.floor(countPixels(joined(data.blocks), bytes[code]!) / width);
  if (!(rows > 0)) return null;
  const mended = bytes.slice();
  const out = new DataView(mended.buffer);
  // The last block says that it is longer than it is.
  if (data.last < bytes.length) mended[data.last] = bytes.length - data.last - 1;
  if (rows < height && (flags & INTERLACED) === 0) {
    out.setUint16(at + 7, rows, true);
    out.setUint16(8, view.getUint16(at + 3, true) + rows, true);
  }
  return { bytes: joined([mended, Uint8Array.of(0, END)]), damaged: true };
}

/** Bytes of a table of colours. */
const table = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

interface Blocks {
  readonly blocks: readonly Uint8Array[];
  /** Where the last of them begins. */
  readonly last: number;
  readonly end: number;
  /** The empty block that ends them is there. */
  readonly whole: boolean;
}

function blocksFrom(bytes: Uint8Array, from: number): Blocks {
  const blocks: Uint8Array[] = [];
  let [at, last] = [from, from];
  while (at < bytes.length) {
    const length = bytes[at]!;
    if (length === 0) return { blocks, last, end: at + 1, whole: true };
    blocks.push(bytes.subarray(at + 1, at + 1 + length));
    last = at;
    at += 1 + length;
  }
  return { blocks, last, end: bytes.length, whole: false };
}

/** How many pixels the codes stand for, as far as they go (appendix F). */
function countPixels(data: Uint8Array, bits: number): number {
  if (!(bits >= 1 && bits <= 8)) return 0;
  const clear = 2 ** bits;
  const lengths = new Uint16Array(MOST_CODES).fill(1, 0, clear);
  let [size, next, before, total] = [bits + 1, clear + 2, -1, 0];
  for (let at = 0; at + size <= 8 * data.length;) {
    const code = codeAt(data, at, size);
    at += size;
    if (code === clear) {
      [size, next, before] = [bits + 1, clear + 2, -1];
      continue;
    }
    if (code === clear + 1 || code > next || (before < 0 && code >= clear)) break;
    if (before >= 0 && next < MOST_CODES) {
      lengths[next] = lengths[before]! + 1;
      next++;
      if (next === 2 ** size && size < 12) size++;
    }
    total += lengths[code]!;
    before = code;
  }
  return total;
}

/** `size` bits from bit `at` on, the lowest first. */
function codeAt(data: Uint8Array, at: number, size: number): number {
  const from = at >> 3;
  const word = data[from]! | ((data[from + 1] ?? 0) << 8) | ((data[from + 2] ?? 0) << 16);
  return (word >> (at & 7)) & (2 ** size - 1);
}
