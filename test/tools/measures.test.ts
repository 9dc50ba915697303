import { describe, expect, it } from 'vitest';
import {
  inBytes,
  paletteDistance,
  speckle,
  structureChange,
} from '../../tools/bench/pictures/measures.ts';
import { beside, sharesOf } from '../../tools/bench/pictures/beside.ts';
import { objectsAt, readPairs } from '../../tools/bench/pictures/pairs.ts';
import { painterOf } from '../../tools/bench/pictures/paint.ts';
import type { Planes } from '../../web/engine/pipeline/pixels.ts';
import { random } from '../../web/engine/random.ts';

const [WIDTH, HEIGHT] = [40, 30];
const picture = (value: (x: number, y: number, c: number) => number): Planes => ({
  width: WIDTH,
  height: HEIGHT,
  channels: 3,
  data: Float32Array.from({ length: 3 * WIDTH * HEIGHT }, (_, i) => {
    const at = i % (WIDTH * HEIGHT);
    return value(at % WIDTH, Math.floor(at / WIDTH), Math.floor(i / (WIDTH * HEIGHT)));
  }),
});
const noise = (seed: number) => {
  const next = random(seed);
  return picture(() => next());
};
/** Objects on the left half. */
const left = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => Number(i % WIDTH < WIDTH / 2));

describe('what is said of pastiches in numbers', () => {
  it('speckle: second differences over those of the style', () => {
    const grey = (strength: number) => picture((x) => 0.5 + strength * (x % 2));
    expect(speckle(noise(1), noise(1))).toEqual({ luminance: 1, colour: 1 });
    expect(speckle(grey(0.1), grey(0.2)).luminance).toBeCloseTo(0.5, 5);
  });

  it('sees pictures as they are saved: in bytes, which makes a soft slope rough', () => {
    const slope = picture((x) => (100 + 0.4 * x) / 255);
    expect(speckle(slope, noise(1)).luminance).toBeLessThan(1e-6);
    const saved = inBytes(slope);
    const bytes = Float32Array.of(100, 100, 101, 101, 102).map((byte) => byte / 255);
    expect(saved.data.subarray(0, 5)).toEqual(bytes);
    expect(speckle(saved, noise(1)).luminance).toBeGreaterThan(1e-3);
    expect(inBytes(picture((x) => x - 1)).data.subarray(0, 3)).toEqual(Float32Array.of(0, 0, 1));
    expect(inBytes(saved)).toEqual(saved);
  });

  it('palette: how far colours are to be carried', () => {
    const mixed = noise(1);
    const shuffled = { ...mixed, data: mixed.data.slice() };
    for (let c = 0; c < 3; c++) {
      shuffled.data.subarray(c * WIDTH * HEIGHT, (c + 1) * WIDTH * HEIGHT).reverse();
    }
    expect(paletteDistance(mixed, shuffled)).toBe(0);
    // A grey carried by 0.2 in one channel: 0.2 times the mean of a direction's component, which is 1/2 on the sphere.
    const [grey, red] = [picture(() => 0.5), picture((_x, _y, c) => (c === 0 ? 0.7 : 0.5))];
    expect(Math.abs(paletteDistance(grey, red) - 0.1)).toBeLessThan(0.015);
  });

  it('structure: none is lost by another contrast, all in noise, and each part counts for itself', () => {
    const photo = noise(1);
    const change = (pastiche: Planes) => structureChange(photo, pastiche, left);
    const paler = picture((x, y, c) => 0.4 + 0.3 * photo.data[(c * HEIGHT + y) * WIDTH + x]!);
    const { inside, outside } = change(paler);
    expect(inside).toBeCloseTo(0, 2);
    expect(outside).toBeCloseTo(0, 2);
    const other = noise(2);
    const half = picture((x, y, c) => {
      const from = x < WIDTH / 2 ? photo : other;
      return from.data[(c * HEIGHT + y) * WIDTH + x]!;
    });
    expect(change(half).inside).toBeCloseTo(0, 5);
    expect(change(half).outside).toBeGreaterThan(0.9);
    expect(change(half).outside).toBeLessThan(1.1);
    const inverted = picture((x, y, c) => 1 - photo.data[(c * HEIGHT + y) * WIDTH + x]!);
    expect(change(inverted).inside).toBeCloseTo(2, 1);
  });
});

describe('pairs and painters', () => {
  it('of the samples, each photo twice, with their objects', async () => {
    const pairs = [];
    for await (const pair of readPairs(undefined, undefined)) pairs.push(pair);
    expect(pairs.map(({ name }) => name)).toHaveLength(8);
    const known = pairs.filter(({ objects }) => objects !== null);
    expect(new Set(known.map(({ name }) => name.split('+')[0]))).toEqual(
      new Set(['town', 'still-life', 'flower']),
    );
    for (const { objects, content } of known) {
      const inside = await objectsAt(objects!, content);
      expect(inside).toHaveLength(content.width * content.height);
      const share = inside.reduce((sum, value) => sum + value, 0) / inside.length;
      expect(share).toBeGreaterThan(0.15);
      expect(share).toBeLessThan(0.6);
    }
  });

  it('of a folder without any, or a pair that is not there, are refused', async () => {
    await expect(readPairs('test/unit', undefined).next()).rejects.toThrow('no content_*.jpg');
    await expect(readPairs(undefined, 'town+none').next()).rejects.toThrow('no pair town+none');
  });

  it('a painter is a preset or a look, with settings changed and a name', () => {
    const crowson = { size: 96, steps: 3000, averaging: 0.99 };
    expect(painterOf('crowson', 96)).toMatchObject({ name: 'crowson', settings: crowson });
    const best = { steps: 7, styleLossKind: 'wasserstein' };
    expect(painterOf('best', 96, 7)).toMatchObject({ name: 'best', settings: best });
    const changed = { styleLossKind: 'swag', styleWeight: 2, steps: 120 };
    const strong = painterOf('smooth:strong?style-loss-kind=swag&style-weight=2', 96);
    expect(strong).toMatchObject({ name: 'smooth', settings: changed });
    expect(() => painterOf('none', 96)).toThrow('unknown preset none');
    expect(() => painterOf('gram?steps=many', 96)).toThrow('--steps many');
    expect(() => painterOf('gram?brush=1', 96)).toThrow('brush');
    expect(() => painterOf('gram?content=a.jpg', 96)).toThrow('unknown setting content');
  });

  it('says on how many pairs a painter is no worse than another, and by how much', () => {
    const line = (pair: string, painter: string, palette: number) => ({
      ...{ pair, painter, file: `${pair}.png` },
      figures: { palette, seconds: 9, steps: 5 },
    });
    const lines = [
      line('a', 'ours', 1),
      line('a', 'peer', 2),
      line('b', 'ours', 3),
      line('b', 'peer', 3),
      line('c', 'ours', 5),
      line('c', 'peer', 4),
      line('d', 'ours', 3),
      line('d', 'peer', 4),
      // Not by both.
      line('e', 'ours', 0),
      line('e', 'other', 0),
    ];
    expect(beside(lines, 'peer')).toEqual(['ours: palette 3 of 4, 0.875']);
    expect(beside(lines, 'nobody')).toEqual([]);
  });

  it("says how much of another network's reduction a network reaches", () => {
    const line = (pair: string, painter: string, loss: number) => ({
      ...{ pair, painter, file: `${pair}.png` },
      figures: { loss },
    });
    const lines = [
      ...[line('a', 'photo', 10), line('a', 'full', 2), line('a', 'lite', 4)],
      ...[line('b', 'photo', 5), line('b', 'full', 1), line('b', 'lite', 1.4)],
      ...[line('c', 'photo', 8), line('c', 'full', 4), line('c', 'lite', 3)],
      // Not by both.
      ...[line('d', 'photo', 8), line('d', 'lite', 8)],
    ];
    expect(sharesOf(lines, 'lite', 'full', 'photo', ['loss', 'none'])).toEqual([
      'loss: 0.9000, at worst 0.7500, 3 pairs',
    ]);
    expect(sharesOf(lines, 'nobody', 'full', 'photo', ['loss'])).toEqual([]);
  });
});
