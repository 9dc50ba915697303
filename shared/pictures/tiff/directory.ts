/** What a TIFF says of its first picture, without its pixels (TIFF 6.0, section 2). */

const WIDTHS: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4 };

/** The numbers of a directory's entry; none if it is not there. */
export type Field = (tag: number) => readonly number[];

export const TAG = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  meaning: 262,
  stripOffsets: 273,
  orientation: 274,
  count: 277,
  rows: 278,
  stripBytes: 279,
  planar: 284,
  predictor: 317,
  palette: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  extra: 338,
  format: 339,
  profile: 34675,
} as const;

/** The first directory of a file. Throws RangeError if it ends before. */
export function directory(view: DataView): {
  field: Field;
  little: boolean;
  profile: Uint8Array | null;
} {
  const little = view.getUint16(0) === 0x4949;
  const first = view.getUint32(4, little);
  const entries = new Map<number, number>();
  for (let i = 0; i < view.getUint16(first, little); i++) {
    const at = first + 2 + 12 * i;
    entries.set(view.getUint16(at, little), at);
  }
  const placed = (at: number, bytes: number) =>
    bytes <= 4 ? at + 8 : view.getUint32(at + 8, little);
  const field: Field = (tag) => {
    const at = entries.get(tag);
    const size = at === undefined ? undefined : WIDTHS[view.getUint16(at + 2, little)];
    if (at === undefined || size === undefined) return [];
    const count = view.getUint32(at + 4, little);
    if (count * size > view.byteLength) throw new RangeError('a list longer than the file');
    const from = placed(at, count * size);
    return Array.from({ length: count }, (_, i) => {
      const where = from + i * size;
      if (size === 1) return view.getUint8(where);
      return size === 2 ? view.getUint16(where, little) : view.getUint32(where, little);
    });
  };
  const at = entries.get(TAG.profile);
  const length = at === undefined ? 0 : view.getUint32(at + 4, little);
  const profile =
    at === undefined
      ? null
      : new Uint8Array(view.buffer, view.byteOffset + placed(at, length), length);
  return { field, little, profile };
}

/** Width and height; null if they are not there. */
export function tiffSize(view: DataView): { width: number; height: number } | null {
  try {
    const { field } = directory(view);
    const [[width], [height]] = [field(TAG.width), field(TAG.height)];
    return width && height ? { width, height } : null;
  } catch (error) {
    // It ends before.
    if (error instanceof RangeError) return null;
    throw error;
  }
}
