import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { runTool } from '../support/run.ts';

let folder: string;
const at = (...names: string[]) => join(folder, ...names);

/** A picture with something on it. */
const draw = (path: string, colour: string) =>
  sharp(
    Buffer.from(
      `<svg width="40" height="30"><rect width="40" height="30" fill="#258"/><circle cx="18" cy="14" r="9" fill="${colour}"/></svg>`,
    ),
  )
    .toFormat(path.endsWith('png') ? 'png' : 'jpeg')
    .toFile(path);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'restyle-'));
  mkdirSync(at('in'));
  await draw(at('style.png'), '#fc2');
  for (const name of ['a.png', 'b.jpg', 'b.png']) await draw(at('in', name), '#a40');
  writeFileSync(at('in', 'torn.jpg'), 'no picture');
  writeFileSync(at('in', 'notes.txt'), 'not meant');
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (tool: 'sketch' | 'stylize', ...args: string[]) =>
  runTool(tool, ['--style', at('style.png'), '--threads', '1', ...args]);

describe('npm run sketch', () => {
  it('paints one picture', async () => {
    const out = at('one.png');
    const { code, stderr } = await run(
      'sketch',
      '--content',
      at('in', 'a.png'),
      '--out',
      out,
      '--size',
      '40',
    );
    expect([code, stderr]).toEqual([0, '']);
    const { width, height } = await sharp(out).metadata();
    expect([width, height]).toEqual([40, 30]);
  });

  it('leaves alone what the mask leaves alone', async () => {
    const mask =
      '<svg width="40" height="30"><rect x="20" width="20" height="30" fill="#fff"/></svg>';
    await sharp(Buffer.from(mask)).flatten({ background: '#000' }).toFile(at('mask.png'));
    const args = ['--content', at('in', 'a.png'), '--mask', at('mask.png'), '--size', '40'];
    const { code } = await run('sketch', ...args, '--out', at('half.png'));
    expect(code).toBe(0);
    const half = (left: number, path: string) =>
      sharp(path).extract({ left, top: 0, width: 20, height: 30 }).removeAlpha().raw().toBuffer();
    expect(await half(0, at('half.png'))).toEqual(await half(0, at('in', 'a.png')));
    expect(await half(20, at('half.png'))).not.toEqual(await half(20, at('in', 'a.png')));
  });

  it('paints a folder, passes over what is no picture, and goes on where it was', async () => {
    const args = ['--content', at('in'), '--out', at('out'), '--size', '24'];
    const first = await run('sketch', ...args);
    expect(first.code).toBe(1);
    expect(first.stderr).toMatch(/4\/4 .*torn\.jpg. is text, not a picture/);
    expect(readdirSync(at('out')).sort()).toEqual(['a.png', 'b.jpg.png', 'b.png.png']);
    rmSync(at('out', 'a.png'));
    const kept = statSync(at('out', 'b.png.png')).mtimeMs;
    const second = await run('sketch', ...args);
    expect(second.stderr).toMatch(/2 of 4 are there already/);
    expect(readdirSync(at('out'))).toContain('a.png');
    expect(statSync(at('out', 'b.png.png')).mtimeMs).toBe(kept);
  });

  it.each([
    ['no style weight for a style', ['--blend', '1,2'], /--blend has 2 weights for 1 styles/],
    ['a strength beyond all', ['--strength', '2'], /--strength 2: expected a number from 0 to 1/],
    ['another kind of network', ['--model', 'lite-vgg'], /it is for npm run stylize/],
  ])('refuses %s', async (_what, args, words) => {
    const given = ['--content', at('in', 'a.png'), '--out', at('x.png'), ...args];
    const { code, stderr } = await run('sketch', ...given);
    expect(code).toBe(2);
    expect(stderr).toMatch(words);
  });
});

describe('npm run stylize', () => {
  it('begins from the sketch, for a folder too', async () => {
    rmSync(at('in', 'torn.jpg'), { force: true });
    const args = ['--content', at('in'), '--out', at('painted'), '--size', '24', '--steps', '2'];
    const { code, stderr } = await run('stylize', ...args, '--init', 'sketch');
    expect([code, stderr.split('\n').length]).toEqual([0, 4]);
    expect(readdirSync(at('painted'))).toHaveLength(3);
  });
});
