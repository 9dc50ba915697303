/** A picture of regions as a mask: a colour a region. */
import { fitMask, LEFT, type Mask } from './mask.ts';
import { LIMITS } from './settings.ts';

/** Rows from top to bottom, RGBA, 8 bits, not premultiplied. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Why a picture is no mask: it leaves everything alone, or has more colours than there are styles. */
export type Unmasked =
  | { readonly why: 'empty' }
  /** `colours`: how many; null for more than could ever be. */
  | { readonly why: 'colours'; readonly colours: number | null };

/** A colour that covers less of the flat parts of a picture than this is noise. */
const NOISE = 0.01;
/** Colours closer than this, as a sum over R, G and B, are one: a JPEG's, or a brush's soft border. */
const CLOSE = 48;

type Colour = readonly [number, number, number];

const luma = ([r, g, b]: Colour): number => 0.299 * r + 0.587 * g + 0.114 * b;
/** Neighbours closer than this are of one region; others are the edge between two. */
const FLAT = 24;

const apart = (a: Colour, b: Colour): number =>
  Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) + Math.abs(a[2] - b[2]);

/**
 * Colours from dark to light are the styles in their order; one colour more than styles, and the darkest is left alone, as
 * is whatever is transparent. What lies between colours goes to the nearest.
 */
export function maskOfPicture(pixels: Pixels, styles: number): Mask | Unmasked {
  const { width, height, data } = pixels;
  const colours = coloursOf(pixels);
  if (colours.length > styles + 1) {
    const most = LIMITS.styles.max + 1;
    return { why: 'colours', colours: colours.length > most ? null : colours.length };
  }
  const first = colours.length > styles ? LEFT : 1;
  const labels = new Uint8Array(width * height);
  for (let i = 0; i < labels.length; i++) {
    if (colours.length === 0 || data[4 * i + 3]! < 128) continue;
    const colour = at(data, i);
    let nearest = 0;
    for (let k = 1; k < colours.length; k++)
      if (apart(colour, colours[k]!) < apart(colour, colours[nearest]!)) nearest = k;
    labels[i] = first + nearest;
  }
  return labels.every((label) => label === LEFT)
    ? { why: 'empty' }
    : fitMask({ width, height, labels });
}

const at = (data: Uint8ClampedArray, i: number): Colour => [
  data[4 * i]!,
  data[4 * i + 1]!,
  data[4 * i + 2]!,
];

/** The flat colours of a picture from dark to light, the commonest of those that are alike; seven at most. */
function coloursOf({ width, height, data }: Pixels): Colour[] {
  const counts = new Map<number, number>();
  let flat = 0;
  for (let i = 0; i < data.length / 4; i++) {
    if (data[4 * i + 3]! < 128) continue;
    const [r, g, b] = at(data, i);
    const [x, y] = [i % width, Math.floor(i / width)];
    const onward = [...(x + 1 < width ? [i + 1] : []), ...(y + 1 < height ? [i + width] : [])];
    const back = [...(x > 0 ? [i - 1] : []), ...(y > 0 ? [i - width] : [])];
    if ([...onward, ...back].some((k) => apart([r, g, b], at(data, k)) > FLAT)) continue;
    flat++;
    const key = (r << 16) | (g << 8) | b;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const found: { readonly colour: Colour; count: number }[] = [];
  for (const [key, count] of [...counts].sort(([, a], [, b]) => b - a)) {
    const colour: Colour = [key >> 16, (key >> 8) & 255, key & 255];
    const same = found.find((one) => apart(one.colour, colour) <= CLOSE);
    if (same) same.count += count;
    else if (found.length < 64) found.push({ colour, count });
  }
  return found
    .filter(({ count }) => count > NOISE * flat)
    .slice(0, LIMITS.styles.max + 2)
    .map(({ colour }) => colour)
    .sort((a, b) => luma(a) - luma(b));
}
