import { expect, it } from 'vitest';
import { readImageHeader } from '../../bot/images.ts';
import { jpeg, png, webp } from './kit/pictures.ts';
import { Random } from './kit/random.ts';

it.each([
  ['PNG', png(123, 45), 'image/png'],
  ['JPEG', jpeg(123, 45), 'image/jpeg'],
  ['JPEG with 60 KB before its size', jpeg(123, 45, 60_000), 'image/jpeg'],
  ['WebP, lossy', webp('VP8 ', 123, 45), 'image/webp'],
  ['WebP, lossless', webp('VP8L', 123, 45), 'image/webp'],
  ['WebP, extended', webp('VP8X', 123, 45), 'image/webp'],
])('reads the size of a %s', (_name, bytes, type) => {
  expect(readImageHeader(bytes)).toEqual({ type, width: 123, height: 45 });
});

it('reads sizes up to the largest that the formats can say', () => {
  expect(readImageHeader(png(70_000, 1))?.width).toBe(70_000);
  expect(readImageHeader(jpeg(65_535, 65_535))?.height).toBe(65_535);
  expect(readImageHeader(webp('VP8X', 16_777_216, 1))?.width).toBe(16_777_216);
  expect(readImageHeader(webp('VP8L', 16_384, 16_384))?.height).toBe(16_384);
});

it.each([
  ['nothing', Buffer.alloc(0)],
  ['text', Buffer.from('<!doctype html><title>no</title>'.repeat(9))],
  ['a GIF', Buffer.from('GIF89a'.padEnd(64))],
  ['a PNG of no width', png(64, 48).fill(0, 16, 20)],
  ['a PNG without its header', Buffer.concat([png().subarray(0, 8), Buffer.alloc(40)])],
  ['a JPEG without a frame', Buffer.from('ffd8ffda00080000000000000000', 'hex')],
  ['a JPEG that ends early', jpeg(9, 9).subarray(0, 60)],
  ['a JPEG whose segment has no length', Buffer.from('ffd8ffe00000ffc000110800090009', 'hex')],
  ['another RIFF', Buffer.from('RIFF0000WAVEfmt '.padEnd(64))],
])('does not take %s for a picture', (_name, bytes) => {
  expect(readImageHeader(bytes)).toBeNull();
});

it('never throws and never loops, whatever bytes come', () => {
  const random = new Random(5);
  const models = [png(), jpeg(9, 9), webp('VP8 ', 9, 9), webp('VP8L', 9, 9), webp('VP8X', 9, 9)];
  for (let i = 0; i < 20_000; i++) {
    const bytes = Buffer.from(random.pick(models));
    for (let n = random.int(8); n >= 0; n--) bytes[random.int(bytes.length)] = random.int(256);
    const header = readImageHeader(bytes.subarray(0, random.int(bytes.length + 1)));
    if (header !== null) expect(Math.min(header.width, header.height)).toBeGreaterThan(0);
  }
});
