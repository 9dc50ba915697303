import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PICTURE_WORDS } from '../../shared/pictures/words.ts';
import { readPicture } from '../../tools/pictures.ts';
import { FIXTURES, indexAt, PATCH, type Fixture } from '../fixtures/pictures/table.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'restyle-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** The picture and what was said about it. */
async function read({ name, bytes }: Fixture) {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const pixels = await readPicture(path);
    return { path, pixels, said: said.mock.calls.map(([text]) => String(text)).join('') };
  } finally {
    said.mockRestore();
  }
}

describe('pictures on the command line', () => {
  it.each(FIXTURES.map((fixture) => [fixture.name, fixture] as const))('%s', async (_, fixture) => {
    const { outcome, seen } = fixture;
    if (typeof outcome === 'string') {
      const words = PICTURE_WORDS.en.advice[outcome];
      await expect(read(fixture)).rejects.toThrow(words);
      return;
    }
    const { pixels, said } = await read(fixture);
    const { width, height, data } = pixels;
    expect(data).toHaveLength(4 * width * height);
    if (typeof outcome !== 'string') {
      expect({ width, height }).toEqual({ width: outcome.width, height: outcome.height });
      expect(said.includes('is damaged')).toBe(outcome.damaged ?? false);
    }
    if (!seen) return;
    for (let y = PATCH / 2; y < height; y += PATCH)
      for (let x = PATCH / 2; x < width; x += PATCH) {
        const at = 4 * (y * width + x);
        const wanted = seen[indexAt(x, y)]!;
        [...data.subarray(at, at + 3)].forEach((value, c) =>
          expect(Math.abs(value - wanted[c]!)).toBeLessThanOrEqual(2),
        );
      }
  });

  it('names the size that is too large, and the limit', async () => {
    const huge = FIXTURES.find(({ name }) => name === 'huge.png')!;
    await expect(read(huge)).rejects.toThrow(
      'huge.png” is too large: 30000 × 30000 are 900 megapixels, and at most 268 megapixels can be read. Scale it down first.',
    );
  });
});
