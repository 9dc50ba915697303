/** ICC profiles of printers: the table from inks to colours (ICC.1:2001-04, 6.5.7 lut16Type and 6.5.8 lut8Type). */
import { encoded, type ColourOf } from './srgb.ts';

/** What the profile makes of inks; null if it holds no such table of four inks. */
export function profileColours(profile: Uint8Array): ColourOf | null {
  try {
    return tableOf(new DataView(profile.buffer, profile.byteOffset, profile.byteLength));
  } catch (error) {
    // A table that is cut short.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const name = (view: DataView, at: number) =>
  String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));

function tableOf(view: DataView): ColourOf | null {
  if (name(view, 16) !== 'CMYK') return null;
  const tags = Array.from({ length: view.getUint32(128) }, (_, i) => 132 + 12 * i);
  const tag = tags.find((at) => name(view, at) === 'A2B0');
  if (tag === undefined) return null;
  const at = view.getUint32(tag + 4);
  const wide = name(view, at) === 'mft2';
  if ((!wide && name(view, at) !== 'mft1') || view.getUint8(at + 8) !== 4) return null;
  if (view.getUint8(at + 9) !== 3) return null;
  const grid = view.getUint8(at + 10);
  const [entries, exits] = wide ? [view.getUint16(at + 48), view.getUint16(at + 50)] : [256, 256];
  let from = at + (wide ? 52 : 48);
  /** Numbers 0..1. */
  const take = (count: number) =>
    Float64Array.from({ length: count }, () => {
      const value = wide ? view.getUint16(from) / 65535 : view.getUint8(from) / 255;
      from += wide ? 2 : 1;
      return value;
    });
  const into = Array.from({ length: 4 }, () => take(entries));
  const points = take(grid ** 4 * 3);
  const out = Array.from({ length: 3 }, () => take(exits));
  const colour = name(view, 20) === 'Lab ' ? fromLab(wide) : fromXyz;
  return (inks) => {
    const places = inks.map((ink, c) => between(into[c]!, ink) * (grid - 1));
    const found = blended(points, grid, places);
    return colour(found.map((value, i) => between(out[i]!, value)));
  };
}

/** A curve's value at 0..1. */
function between(curve: Float64Array, x: number): number {
  const place = Math.min(Math.max(x, 0), 1) * (curve.length - 1);
  const low = Math.min(Math.floor(place), Math.max(0, curve.length - 2));
  const next = curve[low + 1] ?? curve[low]!;
  return curve[low]! + (next - curve[low]!) * (place - low);
}

function blended(points: Float64Array, grid: number, places: readonly number[]): number[] {
  const low = places.map((place) => Math.min(Math.floor(place), grid - 2));
  const sum = [0, 0, 0];
  for (let k = 0; k < 16; k++) {
    let [share, at] = [1, 0];
    for (let c = 0; c < 4; c++) {
      const upper = (k >> c) & 1;
      const part = places[c]! - low[c]!;
      share *= upper ? part : 1 - part;
      at = at * grid + low[c]! + upper;
    }
    if (share > 0) for (let i = 0; i < 3; i++) sum[i]! += share * points[3 * at + i]!;
  }
  return sum;
}

/** The profile connection space's white, D50. */
const WHITE = [0.9642, 1, 0.8249];
/** XYZ of D50 to linear sRGB, whose white is D65 (Bradford). */
const TO_RGB = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
];

const fromXyz = (xyz: readonly number[]): number[] =>
  // 1 + 32767/32768 is the largest number of this space.
  toSrgb(xyz.map((value) => value * (1 + 32767 / 32768)));

const toSrgb = (xyz: readonly number[]): number[] =>
  TO_RGB.map((row) => encoded(row.reduce((sum, factor, i) => sum + factor * xyz[i]!, 0)));

/** In 16 bits L is 100 at 0xff00, and a and b are 0 at 0x8000; in 8 bits 255 and 128. */
const fromLab =
  (wide: boolean) =>
  (lab: readonly number[]): number[] => {
    const [l, a, b] = lab.map((value) => value * (wide ? 65535 / 65280 : 1)) as [
      number,
      number,
      number,
    ];
    const [lightness, red, yellow] = [100 * l, 255 * a - 128, 255 * b - 128];
    const fy = (lightness + 16) / 116;
    const cube = (t: number) => (t > 6 / 29 ? t ** 3 : 3 * (6 / 29) ** 2 * (t - 4 / 29));
    const xyz = [fy + red / 500, fy, fy - yellow / 200].map((t, i) => cube(t) * WHITE[i]!);
    return toSrgb(xyz);
  };
