/** BMP, which browsers read and few libraries do: headers of Windows and OS/2, 1 to 32 bits a pixel, run lengths. */

/** Of the fields of BITMAPINFOHEADER and its successors, from the file's beginning. */
interface BmpHeader {
  readonly width: number;
  readonly height: number;
  /** The first row in the file is the picture's first. */
  readonly topDown: boolean;
  readonly bits: number;
  /** 0 none, 1 and 2 run lengths of 8 and 4 bits, 3 and 6 masks. */
  readonly compression: number;
  /** Where the pixels begin, and bytes of a row. */
  readonly offset: number;
  readonly stride: number;
  /** Red, green, blue, alpha; 0: none. */
  readonly masks: readonly number[];
  /** RGBA. */
  readonly palette: readonly (readonly number[])[];
}

const MASKS: Readonly<Record<number, readonly number[]>> = {
  16: [0x7c00, 0x3e0, 0x1f, 0],
  32: [0xff0000, 0xff00, 0xff, 0],
};

/** Throws RangeError where the file ends too early or says what cannot be. */
function readBmp(bytes: Uint8Array): BmpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [offset, size] = [view.getUint32(10, true), view.getUint32(14, true)];
  const old = size === 12;
  const width = old ? view.getUint16(18, true) : view.getInt32(18, true);
  const signed = old ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(old ? 24 : 28, true);
  const compression = old ? 0 : view.getUint32(30, true);
  const masked = compression === 3 || compression === 6;
  const count = size >= 56 || compression === 6 ? 4 : 3;
  const given = Array.from({ length: masked ? count : 0 }, (_, i) =>
    view.getUint32(54 + 4 * i, true),
  );
  const colours = bits > 8 ? 0 : (old ? 0 : view.getUint32(46, true)) || 2 ** bits;
  if (![1, 4, 8, 16, 24, 32].includes(bits) || ![0, 1, 2, 3, 6].includes(compression) || width <= 0)
    throw new RangeError('not a BMP that is known');
  const table = 14 + size + (masked && size === 40 ? 4 * count : 0);
  const entry = old ? 3 : 4;
  const palette = Array.from({ length: Math.min(colours, 2 ** bits) }, (_, i) => {
    const at = table + entry * i;
    return [view.getUint8(at + 2), view.getUint8(at + 1), view.getUint8(at), 255];
  });
  return {
    width,
    height: Math.abs(signed),
    topDown: signed < 0,
    bits,
    compression,
    offset,
    stride: 4 * Math.ceil((width * bits) / 32),
    masks: masked ? given : (MASKS[bits] ?? []),
    palette,
  };
}

/**
 * The same file, or, where its last rows are missing, one of those that are there (a picture stored upside down then lacks
 * its top). Null if there are none.
 */
export function mendBmp(
  bytes: Uint8Array<ArrayBuffer>,
): { bytes: Uint8Array<ArrayBuffer>; damaged: boolean } | null {
  try {
    const { height, topDown, compression, offset, stride } = readBmp(bytes);
    const rows = Math.floor((bytes.length - offset) / stride);
    if (rows >= height || compression === 1 || compression === 2) return { bytes, damaged: false };
    if (rows <= 0) return null;
    const cut = bytes.slice();
    const view = new DataView(cut.buffer);
    if (view.getUint32(14, true) === 12) view.setUint16(20, rows, true);
    else view.setInt32(22, topDown ? -rows : rows, true);
    return { bytes: cut, damaged: true };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

export interface Bitmap {
  readonly width: number;
  readonly height: number;
  /** RGBA, rows from top to bottom. */
  readonly data: Uint8ClampedArray;
}

/** Throws RangeError if the file is damaged or of a kind that is not known. */
export function decodeBmp(bytes: Uint8Array): Bitmap {
  const header = readBmp(bytes);
  const { width, height, topDown, compression } = header;
  const data = new Uint8ClampedArray(4 * width * height);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const put = (x: number, row: number, colour: readonly number[] | undefined) => {
    const y = topDown ? row : height - 1 - row;
    if (colour && x < width && y >= 0 && y < height) data.set(colour, 4 * (y * width + x));
  };
  if (compression === 1 || compression === 2) {
    // Pixels that the runs leave out are of the first colour.
    for (let i = 0; i < width * height; i++) data.set(header.palette[0] ?? [0, 0, 0, 255], 4 * i);
    runs(view, header, put);
  } else {
    const colourAt = header.bits <= 8 ? indexed(view, header) : direct(view, header);
    for (let row = 0; row < height; row++)
      for (let x = 0; x < width; x++) put(x, row, colourAt(x, header.offset + row * header.stride));
  }
  return { width, height, data };
}

type ColourAt = (x: number, row: number) => readonly number[] | undefined;
type Put = (x: number, row: number, colour: readonly number[] | undefined) => void;

const indexed =
  (view: DataView, { bits, palette }: BmpHeader): ColourAt =>
  (x, row) => {
    const byte = view.getUint8(row + Math.floor((x * bits) / 8));
    return palette[(byte >> (8 - bits - ((x * bits) % 8))) & (2 ** bits - 1)] ?? [0, 0, 0, 255];
  };

function direct(view: DataView, { bits, masks }: BmpHeader): ColourAt {
  if (bits === 24)
    return (x, row) => {
      const at = row + 3 * x;
      return [view.getUint8(at + 2), view.getUint8(at + 1), view.getUint8(at), 255];
    };
  const channels = masks.map((mask) => {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    return { mask, shift, most: mask >>> shift };
  });
  return (x, row) => {
    const word =
      bits === 16 ? view.getUint16(row + 2 * x, true) : view.getUint32(row + 4 * x, true);
    const [r, g, b, a = 255] = channels.map(({ mask, shift, most }, i) =>
      most === 0 ? (i === 3 ? 255 : 0) : (((word & mask) >>> shift) / most) * 255,
    );
    return [r!, g!, b!, a];
  };
}

/** Run lengths: pairs of count and colour; a count of 0 is an escape (end of row, end, move, colours as they are). */
function runs(view: DataView, { compression, offset, palette }: BmpHeader, put: Put): void {
  const four = compression === 2;
  let [at, x, row] = [offset, 0, 0];
  const colour = (byte: number, i: number) =>
    palette[four ? (i % 2 === 0 ? byte >> 4 : byte & 15) : byte];
  while (at + 2 <= view.byteLength) {
    const [count, value] = [view.getUint8(at), view.getUint8(at + 1)];
    at += 2;
    if (count > 0) {
      for (let i = 0; i < count; i++) put(x++, row, colour(value, i));
    } else if (value === 0) {
      [x, row] = [0, row + 1];
    } else if (value === 1) {
      return;
    } else if (value === 2) {
      x += view.getUint8(at);
      row += view.getUint8(at + 1);
      at += 2;
    } else {
      for (let i = 0; i < value; i++)
        put(x++, row, colour(view.getUint8(at + (four ? i >> 1 : i)), i));
      const used = four ? Math.ceil(value / 2) : value;
      at += used + (used % 2);
    }
  }
}
