import { describe, expect, it } from 'vitest';
import sharp, { type JpegOptions } from 'sharp';
import { coloursOf } from '../../shared/pictures/cmyk/colours.ts';
import { decodeInks } from '../../shared/pictures/cmyk/decode.ts';
import { isPrint } from '../../shared/pictures/jpeg.ts';

const [WIDTH, HEIGHT] = [45, 37];
const raw = Buffer.from(
  Array.from({ length: 3 * WIDTH * HEIGHT }, (_, i) => {
    const [x, y, c] = [Math.floor(i / 3) % WIDTH, Math.floor(i / 3 / WIDTH), i % 3];
    return Math.round(127.5 + 127 * Math.sin(x / 7 + c) * Math.cos(y / 9 + c));
  }),
);

async function print(options: JpegOptions, profile: boolean): Promise<Uint8Array> {
  const picture = sharp(raw, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
  const inks = picture.toColourspace('cmyk');
  return new Uint8Array(
    await (profile ? inks.withIccProfile('cmyk') : inks).jpeg(options).toBuffer(),
  );
}

/** As libvips sees it, in inks or through LittleCMS in colours. */
const reference = (bytes: Uint8Array, space: 'cmyk' | 'srgb') =>
  sharp(bytes).pipelineColourspace('cmyk').toColourspace(space).raw().toBuffer();

const apart = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  const each = Array.from({ length: b.length }, (_, i) => Math.abs(a[i]! - b[i]!));
  return { worst: Math.max(...each), mean: each.reduce((sum, d) => sum + d) / each.length };
};

const KINDS: readonly [string, JpegOptions][] = [
  ['sequential, subsampled', { chromaSubsampling: '4:2:0' }],
  ['sequential, in full', { chromaSubsampling: '4:4:4' }],
  ['progressive, subsampled', { progressive: true, chromaSubsampling: '4:2:0' }],
  ['progressive, in full', { progressive: true, chromaSubsampling: '4:4:4', quality: 97 }],
];

describe('a photo for print', () => {
  it.each(KINDS)('has the inks that libjpeg finds: %s', async (_, options) => {
    const bytes = await print(options, false);
    expect(isPrint(bytes)).toBe(true);
    const { data, width, height } = decodeInks(bytes);
    expect({ width, height }).toEqual({ width: WIDTH, height: HEIGHT });
    expect(apart(data, await reference(bytes, 'cmyk')).worst).toBeLessThanOrEqual(1);
  });

  it.each([
    ['by its profile', true, { worst: 8, mean: 0.6 }],
    // The reference has the inks of another press than ours.
    ['by usual inks without one', false, { worst: 20, mean: 5 }],
  ])('has the colours that LittleCMS finds: %s', async (_, profile, most) => {
    const bytes = await print({ quality: 95 }, profile);
    const found = Array.from(coloursOf(decodeInks(bytes))).filter((_value, i) => i % 4 !== 3);
    const { worst, mean } = apart(found, await reference(bytes, 'srgb'));
    expect(worst).toBeLessThanOrEqual(most.worst);
    expect(mean).toBeLessThanOrEqual(most.mean);
  });

  it('that ends early has as much of it as there is, and one colour below', async () => {
    const whole = await print({ chromaSubsampling: '4:4:4' }, false);
    const part = whole.subarray(0, Math.floor(whole.length * 0.7));
    const [all, some] = [decodeInks(whole).data, decodeInks(part).data];
    expect(apart(some.subarray(0, 4 * WIDTH * 8), all.subarray(0, 4 * WIDTH * 8)).worst).toBe(0);
    expect(new Set(some.subarray(-4 * WIDTH)).size).toBe(1);
  });

  it('is no photo of three colours', async () => {
    const plain = sharp(raw, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
    expect(isPrint(new Uint8Array(await plain.jpeg().toBuffer()))).toBe(false);
  });
});
