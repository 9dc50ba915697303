/** JPEG (ITU-T T.81, annex B): files that end early, and the part of the picture that is then missing. */
import { joined } from './bytes.ts';
import { isFrame, type Size } from './size.ts';

const END = 0xd9;
const SCAN = 0xda;

/**
 * A file that any decoder reads: the same one if its end is there, else as far as it goes, with an end marker. Decoders
 * fill what is missing with grey; `trimJpeg` takes that off. Null if there are no pixels.
 */
export function mendJpeg(
  bytes: Uint8Array<ArrayBuffer>,
): { bytes: Uint8Array<ArrayBuffer>; damaged: boolean } | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [at, frame, scan] = [2, false, false];
  let damaged = false;
  while (at + 4 <= bytes.length) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff || marker === 0 || marker === 0xff) {
      damaged ||= bytes[at] !== 0xff;
      at += 1;
      continue;
    }
    if (marker === END && scan) return { bytes, damaged };
    if (marker === 0x01 || (marker >= 0xd0 && marker <= END)) {
      at += 2;
      continue;
    }
    const length = view.getUint16(at + 2);
    if (at + 2 + length > bytes.length) break;
    frame ||= isFrame(marker);
    at += 2 + length;
    if (marker !== SCAN) continue;
    scan = true;
    at = endOfScan(bytes, at);
  }
  if (bytes[at] === 0xff && bytes[at + 1] === END && scan) return { bytes, damaged };
  if (!frame || !scan) return null;
  const rest = bytes.subarray(0, Math.min(at, bytes.length));
  const whole = rest.at(-1) === 0xff ? rest.subarray(0, -1) : rest;
  return { bytes: joined([whole, Uint8Array.of(0xff, END)]), damaged: true };
}

/** Where the marker behind a scan's data is, or the file's end. */
function endOfScan(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) return bytes.length;
    const next = bytes[at + 1]!;
    // A stuffed zero, a restart marker, padding.
    const inside = next === 0 || next === 0xff || (next >= 0xd0 && next <= 0xd7);
    if (!inside) return at;
    at += next === 0xff ? 1 : 2;
  }
}

/** Where the segments before the pixels begin, the frame header as the last. */
function* segments(view: DataView): Generator<number> {
  let at = 2;
  for (;;) {
    const [first, marker] = [view.getUint8(at), view.getUint8(at + 1)];
    if (first !== 0xff || marker === 0xff) {
      at += 1;
      continue;
    }
    yield at;
    if (isFrame(marker)) return;
    at += 2 + view.getUint16(at + 2);
  }
}

/** Whether a mended file holds four components: inks for print, whose colours browsers reckon in ways of their own. */
export function isPrint(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [frame] = [...segments(view)].slice(-1);
  return bytes[frame! + 9] === 4;
}

const EXIF = 0xe1;
const UNUSED = 0xef;

/** A mended file as it is stored: without the camera's orientation, which browsers apply asked or not. */
export function asStored(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const stored = bytes.slice();
  for (const at of segments(new DataView(stored.buffer)))
    if (stored[at + 1] === EXIF) stored[at + 1] = UNUSED;
  return stored;
}

/** Rows of a block, and of the tallest set of blocks that a scan is made of. */
const BLOCK = 8;
const TALLEST = 32;
/** Half of 255: what a block without data comes out as. */
const GREY = 128;

/** As it is stored: rows from top to bottom, RGBA. */
interface Stored extends Size {
  readonly data: Uint8ClampedArray;
}

/**
 * A mended file without the rows that a decoder had to make up, told by its pixels before the camera's orientation is
 * applied. Null if all are made up.
 */
export function trimJpeg(
  bytes: Uint8Array<ArrayBuffer>,
  pixels: Stored,
): Uint8Array<ArrayBuffer> | null {
  const rows = rowsThere(pixels);
  if (rows === 0) return null;
  if (rows === pixels.height) return bytes;
  const trimmed = bytes.slice();
  const view = new DataView(trimmed.buffer);
  const [at] = [...segments(view)].slice(-1);
  view.setUint16(at! + 5, rows);
  return trimmed;
}

/** Rows from the top that a decoder of a file that ends early did not have to make up. */
export const rowsThere = (pixels: Stored): number => pixels.height - missingRows(pixels);

/** Made up rows are of one colour, exactly; so are the ends of those above, in the row of blocks in which the data ended. */
function missingRows({ width, height, data }: Stored): number {
  const pixels = new Uint32Array(data.buffer, data.byteOffset, width * height);
  const fill = pixels.at(-1)!;
  let y = height;
  while (y > 0 && pixels.subarray((y - 1) * width, y * width).every((pixel) => pixel === fill)) y--;
  const rows = y;
  const least = Math.max(0, rows - TALLEST);
  while (y > least && pixels[y * width - 1] === fill) y--;
  // Where no row is missing as a whole, a corner of one colour is no proof; one of the grey that decoders fill with is.
  if (rows === height && (height - y < BLOCK || !isGrey(data.subarray(-4)))) return 0;
  return height - (y < BLOCK ? y : y - (y % BLOCK));
}

const isGrey = (pixel: Uint8ClampedArray) =>
  pixel.subarray(0, 3).every((value) => Math.abs(value - GREY) <= 4);
