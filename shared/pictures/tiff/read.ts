/** The first picture of a TIFF as numbers (TIFF 6.0). */
import { directory, TAG } from './directory.ts';
import { unpacked } from './unpack.ts';

export interface Samples {
  readonly width: number;
  readonly height: number;
  /** Numbers a pixel, all of `bits` bits. */
  readonly count: number;
  readonly bits: number;
  readonly data: Uint8Array | Uint16Array;
  /** 0 white is zero, 1 black is zero, 2 RGB, 3 palette, 5 inks. */
  readonly meaning: number;
  /** Of what comes beyond the colours: 1 premultiplied alpha, 2 alpha, else something else. */
  readonly extra: readonly number[];
  /** Red, green and blue of each index, one after the other in 16 bits. */
  readonly palette: readonly number[];
  readonly profile: Uint8Array | null;
  readonly orientation: number;
}

/** @throws RangeError for a kind that is not known, or a file that ends early */
export function readTiff(bytes: Uint8Array): Samples {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { field, little, profile } = directory(view);
  const one = (tag: number, fallback: number) => field(tag)[0] ?? fallback;
  const [width, height] = [one(TAG.width, 0), one(TAG.height, 0)];
  const [count, bits] = [one(TAG.count, 1), one(TAG.bits, 1)];
  const small = [1, 2, 4].includes(bits) && count === 1;
  const known = [8, 16].includes(bits) || small;
  if (!known || field(TAG.bits).some((other) => other !== bits) || one(TAG.format, 1) !== 1)
    throw new RangeError(`${bits} bits`);
  const apart = one(TAG.planar, 1) === 2;
  const tiled = field(TAG.tileWidth).length > 0;
  const grid = {
    width: tiled ? one(TAG.tileWidth, width) : width,
    height: tiled ? one(TAG.tileHeight, height) : Math.min(height, one(TAG.rows, height)),
    offsets: field(tiled ? TAG.tileOffsets : TAG.stripOffsets),
    lengths: field(tiled ? TAG.tileBytes : TAG.stripBytes),
  };
  const data =
    bits === 16 ? new Uint16Array(width * height * count) : new Uint8Array(width * height * count);
  const across = Math.ceil(width / grid.width);
  const each = across * Math.ceil(height / grid.height);
  const own = apart ? 1 : count;
  const row = Math.ceil((grid.width * own * bits) / 8);
  for (let n = 0; n < each * (apart ? count : 1); n++) {
    const [plane, place] = [Math.floor(n / each), n % each];
    const [left, top] = [(place % across) * grid.width, Math.floor(place / across) * grid.height];
    const rows = tiled ? grid.height : Math.min(grid.height, height - top);
    const [from, length] = [grid.offsets[n], grid.lengths[n] ?? bytes.length];
    if (from === undefined) throw new RangeError('a part is missing');
    const packed = bytes.subarray(from, from + length);
    const part = unpacked(packed, one(TAG.compression, 1), row * rows);
    if (part.length < row * rows) throw new RangeError('a part is cut short');
    const values = numbersOf(part, bits, grid.width * own, rows, row, little);
    if (one(TAG.predictor, 1) === 2) sumUp(values, grid.width, rows, own);
    for (let y = 0; y < rows && top + y < height; y++)
      for (let x = 0; x < grid.width && left + x < width; x++)
        for (let c = 0; c < own; c++)
          data[((top + y) * width + left + x) * count + plane + c] =
            values[(y * grid.width + x) * own + c]!;
  }
  return {
    width,
    height,
    count,
    bits,
    data,
    meaning: one(TAG.meaning, 1),
    extra: field(TAG.extra),
    palette: field(TAG.palette),
    profile,
    orientation: one(TAG.orientation, 1),
  };
}

function numbersOf(
  part: Uint8Array,
  bits: number,
  columns: number,
  rows: number,
  row: number,
  little: boolean,
): Uint8Array | Uint16Array {
  if (bits === 8) return part.slice(0, rows * columns);
  const view = new DataView(part.buffer, part.byteOffset, part.byteLength);
  if (bits === 16)
    return Uint16Array.from({ length: rows * columns }, (_, i) => view.getUint16(2 * i, little));
  const each = 8 / bits;
  return Uint8Array.from({ length: rows * columns }, (_, i) => {
    const [y, x] = [Math.floor(i / columns), i % columns];
    const byte = part[y * row + Math.floor(x / each)]!;
    return (byte >> (8 - bits * (1 + (x % each)))) & ((1 << bits) - 1);
  });
}

/** Each number was stored as its difference to that of the pixel on its left. */
function sumUp(values: Uint8Array | Uint16Array, width: number, rows: number, count: number): void {
  for (let y = 0; y < rows; y++)
    for (let i = count; i < width * count; i++) {
      const at = y * width * count + i;
      values[at]! += values[at - count]!;
    }
}
