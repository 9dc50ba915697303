/** What to do with a PNG when chunks of it are missing or damaged. Sections are of PNG, 3rd edition. */
import { Unzlib, Zlib } from 'fflate';
import { joined } from './bytes.ts';
import { pngChunk, pngChunks, PNG_SIGNATURE } from './png.ts';
import type { Size } from './size.ts';

/** What a decoder has to know to make the same pixels of the data. */
const NEEDED = new Set(['PLTE', 'tRNS', 'iCCP', 'sRGB', 'gAMA', 'cHRM', 'cICP', 'eXIf']);
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Passes of an interlaced picture (8.2): [x, y, step of x, step of y]. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** A part of the decompressed data that is a picture of its own. */
interface Part extends Size {
  readonly from: number;
  readonly to: number;
  readonly interlaced: boolean;
}

/**
 * A file that any decoder reads: the same one if nothing is wrong with it; else the rows that are there (of an interlaced
 * picture the finest size that is), with right checksums. Null if there are none.
 */
export function mendPng(
  bytes: Uint8Array<ArrayBuffer>,
): { bytes: Uint8Array<ArrayBuffer>; damaged: boolean } | null {
  const chunks = [...pngChunks(bytes)];
  if (chunks.every(({ whole }) => whole) && chunks.at(-1)?.type === 'IEND') {
    return { bytes, damaged: false };
  }
  const [head] = chunks;
  if (head?.type !== 'IHDR' || head.data.length !== 13) return null;
  const parts = chunks.flatMap(({ type, data }) => (type === 'IDAT' ? [data] : []));
  const part = usable(head.data, inflated(parts));
  if (!part) return null;
  const ihdr = head.data.slice();
  new DataView(ihdr.buffer).setUint32(0, part.width);
  new DataView(ihdr.buffer).setUint32(4, part.height);
  ihdr[12] = Number(part.interlaced);
  const kept = chunks.filter(({ type }) => NEEDED.has(type));
  const mended = joined([
    Uint8Array.from(PNG_SIGNATURE),
    pngChunk('IHDR', ihdr),
    ...kept.map(({ type, data }) => pngChunk(type, data)),
    pngChunk('IDAT', ...cut(inflated(parts), part)),
    pngChunk('IEND'),
  ]);
  return { bytes: mended, damaged: true };
}

/** Bytes of a row with the byte that names its filter; NaN if the header makes no sense. */
const rowBytes = (ihdr: Uint8Array, width: number): number =>
  1 + Math.ceil((width * ihdr[8]! * (SAMPLES[ihdr[9]!] ?? NaN)) / 8);

/** What the decompressed data holds of the picture: rows from the top, or the finest of its passes. */
function usable(ihdr: Uint8Array, pieces: Iterable<Uint8Array>): Part | null {
  const view = new DataView(ihdr.buffer, ihdr.byteOffset, 13);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const interlaced = ihdr[12] !== 0;
  const passes = (interlaced ? PASSES : [[0, 0, 1, 1] as const])
    .map(([x, y, dx, dy]) => {
      const size = { width: Math.ceil((width - x) / dx), height: Math.ceil((height - y) / dy) };
      return { ...size, square: dx === dy, row: rowBytes(ihdr, size.width), rows: 0 };
    })
    .filter((pass) => pass.width > 0 && pass.height > 0);
  countRows(pieces, passes);
  let from = 0;
  let best: Part | null = null;
  for (const { width, rows, height, row, square } of passes) {
    const to = from + rows * row;
    // One that is there in part will do where nothing better is.
    if (square && rows > 0 && (rows === height || !best))
      best = { width, height: rows, from, to, interlaced: false };
    if (rows < height) return best;
    from = to;
  }
  return interlaced ? { width, height, from: 0, to: from, interlaced } : best;
}

interface Pass {
  readonly row: number;
  readonly height: number;
  rows: number;
}

/** Counts whole rows up to the first that begins with no known filter, which is where rubbish begins. */
function countRows(pieces: Iterable<Uint8Array>, passes: readonly Pass[]): void {
  let [index, left] = [0, 0];
  for (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const pass = passes[index];
      if (!pass || !(pass.row > 0)) return;
      if (left === 0) {
        if (piece[at]! > LAST_FILTER) return;
        left = pass.row;
      }
      const step = Math.min(left, piece.length - at);
      at += step;
      left -= step;
      if (left > 0) break;
      pass.rows++;
      if (pass.rows === pass.height) index++;
    }
  }
}

const LAST_FILTER = 4;

/** Decompressed data, piece by piece, as far as it goes. */
function* inflated(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  const stream = new Unzlib((piece) => pieces.push(piece));
  for (const part of parts) {
    for (let at = 0; at < part.length; at += STRIDE) {
      try {
        stream.push(part.subarray(at, at + STRIDE));
      } catch {
        return;
      }
      yield* pieces;
      pieces = [];
    }
  }
}

/** Compressed bytes at a time: what comes after a fault in one of them is lost. */
const STRIDE = 1024;

/** Bytes `from` to `to` of a stream, compressed again. */
function cut(pieces: Iterable<Uint8Array>, { from, to }: Part): Uint8Array[] {
  const out: Uint8Array[] = [];
  const stream = new Zlib({ level: 1 }, (piece) => out.push(piece));
  let at = 0;
  for (const piece of pieces) {
    const part = piece.subarray(Math.max(0, from - at), Math.max(0, to - at));
    at += piece.length;
    if (part.length > 0) stream.push(part.slice());
    if (at >= to) break;
  }
  stream.push(new Uint8Array(0), true);
  return out;
}
