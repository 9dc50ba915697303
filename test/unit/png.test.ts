import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { makeSettings, SETTINGS_VERSION, withDefaults } from '../../shared/settings.ts';
import { random } from '../../web/engine/random.ts';
import { PNG_HEAD } from '../../shared/pictures/png.ts';
import {
  internationalTextChunk,
  readInternationalText,
  textChunk,
} from '../../shared/pictures/text.ts';
import { KEYWORD, parseRecipe, recipeText, type Recipe } from '../../shared/recipe.ts';
import { readRecipe } from '../../web/studio/result/recipe.ts';

const FIRST = new URL('../fixtures/settings/version-1.json', import.meta.url);

const RECIPE: Recipe = {
  version: '1.2.3',
  photo: { title: 'Озеро 湖 “lake”', sample: null },
  styles: [
    { title: 'Night swirls', sample: 'swirls', weight: 2 },
    { title: 'Стекло', sample: null, weight: 0.5 },
  ],
  networks: ['lite-vgg'],
  upscaler: null,
  settings: makeSettings('default', { size: 96, steps: 40 }),
  steps: 40,
  seconds: 12.3,
  strength: 0.7,
};

const plain = await sharp({ create: { width: 9, height: 5, channels: 4, background: '#3a7b' } })
  .png()
  .toBuffer();

/** A PNG with chunks put where the page puts them. */
const withChunks = (...chunks: readonly Uint8Array[]) =>
  Buffer.concat([plain.subarray(0, PNG_HEAD), ...chunks, plain.subarray(PNG_HEAD)]);
const withText = (text: string) => withChunks(internationalTextChunk(KEYWORD, text));

/** Any data under a good sum, which is Node's own. */
function iTXt(data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from('iTXt'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

const damaged = (chunk: Uint8Array) => chunk.with(-1, chunk.at(-1)! ^ 1);

describe('text in a PNG', () => {
  it('is read back, in any alphabet, and the picture stays what it was', async () => {
    const file = withChunks(
      textChunk('Software', 'Restyle 1.2.3'),
      internationalTextChunk(KEYWORD, recipeText(RECIPE)),
    );
    expect(parseRecipe(file)).toEqual(RECIPE);
    expect(await readRecipe(new Blob([file]))).toEqual(RECIPE);
    const pixels = (png: Buffer) => sharp(png, { failOn: 'warning' }).raw().toBuffer();
    expect(await pixels(file)).toEqual(await pixels(plain));
    // libpng checks the chunks' sums, and hands the texts out.
    const { comments } = await sharp(file, { failOn: 'warning' }).metadata();
    expect(comments).toEqual([
      { keyword: 'Software', text: 'Restyle 1.2.3' },
      { keyword: KEYWORD, text: recipeText(RECIPE) },
    ]);
  });

  it('is read from pictures of the first version, whose settings were fewer', () => {
    const old = JSON.parse(readFileSync(FIRST, 'utf8')) as Record<string, Recipe['settings']>;
    for (const settings of Object.values(old)) {
      const found = parseRecipe(withText(JSON.stringify({ ...RECIPE, settings })));
      expect(found).toEqual({ ...RECIPE, settings: withDefaults(1, settings) });
      const { keepColours, ...kept } = settings as Recipe['settings'] & { keepColours?: boolean };
      expect(found!.settings).toMatchObject(kept);
      expect([keepColours, found!.settings.colours]).toEqual([false, 'style']);
    }
    const later = { ...RECIPE, settingsVersion: SETTINGS_VERSION + 1 };
    expect(parseRecipe(withText(JSON.stringify(later)))).toBeNull();
  });

  it('is found with a language, and behind other texts', () => {
    const spoken = iTXt(Buffer.from('a\0\0\0de\0Schlüssel\0ü'));
    expect(readInternationalText(withChunks(spoken), 'a')).toBe('ü');
    const other = internationalTextChunk('Title', 'restyle\0\0\0\0\0no');
    expect(readInternationalText(withChunks(other, internationalTextChunk('a', 'ü')), 'a')).toBe(
      'ü',
    );
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a PNG without it', plain],
    ['a signature only', plain.subarray(0, 8)],
    ['a JPEG', Buffer.from('\xff\xd8\xff\xe0restyle\0\0\0\0\0{}', 'latin1')],
    ['no JSON', withText('{"version":')],
    ['other JSON', withText('[1, null, "x"]')],
    ['a setting out of range', withText(JSON.stringify({ ...RECIPE, settings: { size: 1e9 } }))],
    [
      'a weight that is none',
      withText(JSON.stringify(RECIPE).replace('"weight":2', '"weight":-2')),
    ],
    [
      'a hundred styles',
      withText(JSON.stringify({ ...RECIPE, styles: Array(100).fill(RECIPE.styles[0]) })),
    ],
    ['deep JSON', withText('['.repeat(60_000))],
    ['no UTF-8', withChunks(iTXt(Buffer.from('restyle\0\0\0\0\0"\xff"', 'latin1')))],
    ['no text at all', withChunks(iTXt(Buffer.from('restyle\0\0\0en')))],
    ['a wrong sum', withChunks(damaged(internationalTextChunk(KEYWORD, JSON.stringify(RECIPE))))],
    [
      'text behind the picture',
      Buffer.concat([plain, internationalTextChunk(KEYWORD, JSON.stringify(RECIPE))]),
    ],
    ['a length without end', withChunks(Buffer.from('\xff\xff\xff\xffiTXt', 'latin1'))],
  ])('is refused calmly in %s', (_, bytes) => {
    expect(parseRecipe(bytes)).toBeNull();
  });

  it('survives what chance makes of a file', () => {
    const file = withText(JSON.stringify(RECIPE));
    const chance = random(7);
    let intact = 0;
    for (let i = 0; i < 3000; i++) {
      const torn = Buffer.from(file.subarray(0, Math.ceil(chance() * file.length)));
      for (let n = Math.floor(chance() * 4); n > 0; n--) {
        torn[Math.floor(chance() * torn.length)] = Math.floor(chance() * 256);
      }
      const found = parseRecipe(torn);
      // The sum stands guard: what is read is what was written.
      if (found) expect(found).toEqual(RECIPE);
      if (found) intact++;
    }
    expect(intact).toBeGreaterThan(10);
    expect(intact).toBeLessThan(1500);
  });
});
