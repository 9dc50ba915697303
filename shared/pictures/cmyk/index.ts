/** Photos for print: page and command line decode them here, since browsers disagree about inks. */
import { rowsThere } from '../jpeg.ts';
import { orientationOf, turned } from '../orientation.ts';
import type { Size } from '../size.ts';
import { coloursOf } from './colours.ts';
import { decodeInks } from './decode.ts';

/**
 * RGBA of a mended JPEG of four components as it is to be seen; null if there is nothing of it.
 *
 * @throws RangeError for a rare kind of JPEG (arithmetic coding, 12 bits)
 */
export function decodePrint(
  bytes: Uint8Array,
  damaged: boolean,
): (Size & { readonly data: Uint8ClampedArray }) | null {
  const inks = decodeInks(bytes);
  const { width } = inks;
  const stored = { width, height: inks.height, data: coloursOf(inks) };
  const height = damaged ? rowsThere(stored) : stored.height;
  if (height === 0) return null;
  const data = stored.data.subarray(0, 4 * width * height);
  return turned({ width, height, data }, orientationOf(bytes, 'jpeg'));
}
