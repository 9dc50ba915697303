/** TIFF as PNG, which page and command line read alike, its profile and 16 bits kept. */
import { zlibSync } from 'fflate';
import { joined } from '../bytes.ts';
import { coloursOf } from '../cmyk/colours.ts';
import { pngChunk, PNG_SIGNATURE } from '../png.ts';
import { readTiff, type Samples } from './read.ts';

/** Of channels one after the other, 8 or 16 bits each. */
interface Plain extends Pick<Samples, 'width' | 'height' | 'bits' | 'data'> {
  /** Of PNG: 0 grey, 2 RGB, 4 grey and alpha, 6 RGB and alpha. */
  readonly type: number;
  readonly profile: Uint8Array | null;
}

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 };

/** @throws an Error for a kind of TIFF that is not known, or one that ends early */
export async function tiffAsPng(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const samples = await readTiff(bytes);
  const { width, height, bits, data, type, profile } = plain(samples);
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([bits, type], 8);
  const icc = profile && pngChunk('iCCP', Uint8Array.of(0x69, 0, 0), zlibSync(profile));
  return joined([
    Uint8Array.from(PNG_SIGNATURE),
    pngChunk('IHDR', header),
    ...(icc ? [icc] : []),
    ...(samples.orientation > 1 ? [pngChunk('eXIf', exif(samples.orientation))] : []),
    pngChunk('IDAT', zlibSync(lines(data, width * CHANNELS[type]!, height, bits), { level: 1 })),
    pngChunk('IEND'),
  ]);
}

/** One entry, the orientation, big end first. */
const exif = (orientation: number): Uint8Array =>
  Uint8Array.of(
    ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1],
    ...[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0],
  );

/** Rows without a filter, 16 bits with the big end first. */
function lines(data: Plain['data'], columns: number, height: number, bits: number): Uint8Array {
  const row = 1 + (columns * bits) / 8;
  const out = new Uint8Array(row * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < columns; x++) {
      const value = data[y * columns + x]!;
      const to = y * row + 1;
      if (bits === 8) out[to + x] = value;
      else {
        out[to + 2 * x] = value >> 8;
        out[to + 2 * x + 1] = value & 255;
      }
    }
  return out;
}

function plain(samples: Samples): Plain {
  const { width, height, count, bits, data, meaning, profile } = samples;
  const pixels = width * height;
  switch (meaning) {
    case 0:
    case 1:
      return channels(samples, 1);
    case 2:
      return channels(samples, 3);
    case 3: {
      const colours = samples.palette.length / 3;
      const rgb = new Uint8Array(3 * pixels);
      for (let i = 0; i < pixels; i++)
        for (let c = 0; c < 3; c++)
          rgb[3 * i + c] = (samples.palette[c * colours + data[i * count]!] ?? 0) >> 8;
      return { width, height, bits: 8, type: 2, data: rgb, profile };
    }
    case 5: {
      if (count < 4) break;
      const inks = new Uint8Array(4 * pixels);
      for (let i = 0; i < pixels; i++)
        for (let c = 0; c < 4; c++) inks[4 * i + c] = data[i * count + c]! >> (bits - 8);
      const rgba = coloursOf({ width, height, data: inks, profile });
      return { width, height, bits: 8, type: 6, data: new Uint8Array(rgba.buffer), profile: null };
    }
  }
  throw new RangeError(`colours of kind ${meaning}`);
}

/** Colours, and alpha if there is one; whatever else there is goes. */
function channels(
  { width, height, count, bits, data, meaning, extra, profile }: Samples,
  colours: 1 | 3,
): Plain {
  if (count < colours) throw new RangeError('a channel is missing');
  const alpha = count > colours && (extra[0] === 1 || extra[0] === 2);
  const kept = colours + Number(alpha);
  const most = 2 ** bits - 1;
  const wide = bits === 16;
  const out = wide ? new Uint16Array(width * height * kept) : new Uint8Array(width * height * kept);
  // Fewer than 8 bits are spread over 8.
  const scale = bits < 8 ? 255 / most : 1;
  for (let i = 0; i < width * height; i++) {
    const opaque = alpha && extra[0] === 1 ? data[i * count + colours]! / most : 1;
    for (let c = 0; c < kept; c++) {
      const value = data[i * count + c]!;
      const straight =
        c < colours && opaque > 0 ? Math.min(most, Math.round(value / opaque)) : value;
      out[i * kept + c] = (meaning === 0 && c < colours ? most - straight : straight) * scale;
    }
  }
  const type = (colours === 1 ? 0 : 2) + (alpha ? 4 : 0);
  return { width, height, bits: wide ? 16 : 8, type, data: out, profile };
}
