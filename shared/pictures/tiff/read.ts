/** The first picture of a TIFF as numbers. */
import { fromArrayBuffer } from 'geotiff';

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

/** Tags (TIFF 6.0; the profile's: ICC.1, annex B.4). */
const TAG = { meaning: 262, orientation: 274, palette: 320, extra: 338, profile: 34675 } as const;
/** Brightness and two differences, as JPEG has colours. */
const YCBCR = 6;

/** @throws an Error for a kind that is not known, or a file that ends early */
export async function readTiff(bytes: Uint8Array<ArrayBuffer>): Promise<Samples> {
  const { buffer, byteOffset, byteLength } = bytes;
  const tiff = await fromArrayBuffer(buffer.slice(byteOffset, byteOffset + byteLength));
  const image = await tiff.getImage();
  const { fileDirectory: fields } = image;
  const list = async (tag: number) => {
    const value = (await fields.loadValue(tag)) as number | ArrayLike<number> | undefined;
    return value === undefined ? [] : typeof value === 'number' ? [value] : Array.from(value);
  };
  const one = async (tag: number, fallback: number) => (await list(tag))[0] ?? fallback;
  const bits = image.getBitsPerSample();
  const meaning = await one(TAG.meaning, 1);
  const apart = meaning === YCBCR;
  const data = apart
    ? Uint8Array.from((await image.readRGB({ interleave: true })) as ArrayLike<number>)
    : await image.readRasters({ interleave: true });
  const known = data instanceof Uint8Array || data instanceof Uint16Array;
  if (!known || bits > 16) throw new RangeError(`${bits} bits`);
  const profile = await list(TAG.profile);
  return {
    width: image.getWidth(),
    height: image.getHeight(),
    count: apart ? 3 : image.getSamplesPerPixel(),
    bits,
    data,
    meaning: apart ? 2 : meaning,
    extra: await list(TAG.extra),
    palette: await list(TAG.palette),
    profile: profile.length > 0 ? Uint8Array.from(profile) : null,
    orientation: await one(TAG.orientation, 1),
  };
}
