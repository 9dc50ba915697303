/** How large a TIFF's first picture is, without its pixels (TIFF 6.0, section 2). */

const [WIDTH, HEIGHT] = [256, 257];
/** The type of 16 bits; the other that a size may have is of 32. */
const SHORT = 3;

/** null if it is not there, or the file ends before. */
export function tiffSize(view: DataView): Record<'width' | 'height', number> | null {
  try {
    const little = view.getUint16(0) === 0x4949;
    const first = view.getUint32(4, little);
    const found = new Map<number, number>();
    for (let i = 0; i < view.getUint16(first, little); i++) {
      const at = first + 2 + 12 * i;
      const short = view.getUint16(at + 2, little) === SHORT;
      const value = short ? view.getUint16(at + 8, little) : view.getUint32(at + 8, little);
      found.set(view.getUint16(at, little), value);
    }
    const [width, height] = [found.get(WIDTH), found.get(HEIGHT)];
    return width && height ? { width, height } : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
