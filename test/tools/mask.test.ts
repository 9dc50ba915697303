import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labelsOf, readMask } from '../../shared/mask.ts';
import { parseRecipe } from '../../shared/recipe.ts';
import { maskOf } from '../../tools/mask.ts';
import { readPicture } from '../../tools/pictures.ts';
import { runTool } from '../support/run.ts';

const sample = (name: string) =>
  fileURLToPath(new URL(`../../public/samples/${name}.jpg`, import.meta.url));

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'restyle-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A mask file drawn as SVG, 90 x 120. */
async function drawn(svg: string, name = 'mask.png'): Promise<string> {
  const path = join(folder, name);
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="120">${svg}</svg>`;
  await sharp(Buffer.from(picture)).toFile(path);
  return path;
}
const rect = (fill: string, x: number, width: number) =>
  `<rect fill="${fill}" x="${x}" width="${width}" height="120"/>`;

async function read(svg: string, styles: number, name?: string) {
  const path = await drawn(svg, name);
  const mask = maskOf(await readPicture(path), styles, path);
  const row = [...mask.labels.subarray(60 * 90, 61 * 90)];
  return { mask, at: (x: number) => row[x] };
}

describe('a picture of regions', () => {
  it('has its colours from dark to light, a style each', async () => {
    const { at } = await read(rect('#fff', 0, 30) + rect('#123', 30, 30) + rect('#c33', 60, 30), 3);
    expect([at(10), at(40), at(70)]).toEqual([3, 1, 2]);
  });

  it('leaves the darkest alone where there is one more, and whatever is transparent', async () => {
    const { at } = await read(rect('#000', 0, 30) + rect('#fff', 30, 30), 1);
    expect([at(10), at(40), at(70)]).toEqual([0, 1, 0]);
  });

  it('is not confused by soft edges and the noise of a JPEG', async () => {
    const disc = '<circle cx="45" cy="60" r="30" fill="#2a8"/>';
    const { mask, at } = await read(rect('#fff', 0, 90) + disc, 2, 'mask.jpg');
    expect(labelsOf(mask)).toEqual([1, 2]);
    expect([at(2), at(45), at(88)]).toEqual([2, 1, 2]);
  });

  it('is refused where it has more colours than there are styles, or none', async () => {
    const stripes = ['#000', '#555', '#aaa'].map((fill, i) => rect(fill, 30 * i, 30)).join('');
    await expect(read(stripes, 1)).rejects.toThrow(/3 colours for 1 style; .*at most one more/);
    await expect(read('', 2)).rejects.toThrow(/leaves everything alone/);
  });
});

describe('npm run stylize -- --mask', () => {
  const out = () => join(folder, 'out.png');
  const paint = (mask: string) =>
    runTool('stylize', [
      ...['--content', sample('town'), '--style', sample('swirls'), '--style', sample('glass')],
      ...['--size', '120', '--steps', '4', '--mask', mask, '--out', out()],
    ]);

  it('paints each style in its region, leaves the rest alone, and says so in the recipe', async () => {
    const mask = await drawn(rect('#000', 0, 30) + rect('#888', 30, 30) + rect('#fff', 60, 30));
    const { code, stdout, stderr } = await paint(mask);
    expect([code, stdout, stderr]).toEqual([0, '', '']);
    const pastiche = await readPicture(out());
    expect([pastiche.width, pastiche.height]).toEqual([90, 120]);
    const recipe = parseRecipe(new Uint8Array(await readFile(out())));
    const { labels, ...size } = readMask(recipe!.mask!)!;
    expect(size).toEqual({ width: 90, height: 120 });
    expect([labels[10], labels[40], labels[70]]).toEqual([0, 1, 2]);
  });

  it.each([
    ['of another shape', 'width', /90 x 90 and the photo .*same proportions/],
    ['that is not there', 'none', /no-mask\.png: no such file/],
  ])('refuses one %s in a line', async (_name, kind, message) => {
    const square = join(folder, 'square.png');
    await sharp({ create: { width: 90, height: 90, channels: 3, background: '#fff' } }).toFile(
      square,
    );
    const { code, stderr } = await paint(kind === 'none' ? join(folder, 'no-mask.png') : square);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
