import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import sharp from 'sharp';
import { runTool } from '../support/run.ts';

const sample = (name: string) =>
  fileURLToPath(new URL(`../../public/samples/${name}.jpg`, import.meta.url));

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'restyle-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const paint = (content: string, style: string, ...args: string[]) => {
  const out = join(folder, 'out.png');
  const work = ['--content', content, '--style', style, '--steps', '6', '--size', '64'];
  return runTool('stylize', [...work, '--out', out, '--report', join(folder, 'r.json'), ...args]);
};

it('says that a run did not converge, and keeps nothing of it', async () => {
  const { code, stderr } = await paint(sample('town'), sample('swirls'), '--style-weight', '1e40');
  expect([code, stderr]).toEqual([
    1,
    'the run did not converge: no loss is a finite number. Choose smaller weights or a lower learning rate.\n',
  ]);
  expect(readdirSync(folder)).toEqual([]);
});

it.each([
  ['photo', 'the photo is 64 x 2 pixels'],
  ['style', 'a style is 64 x 2 pixels'],
])('says that the %s is too thin, with what would do', async (role, words) => {
  const thin = join(folder, 'thin.png');
  const size = { width: 640, height: 16, channels: 3 as const, background: '#a42' };
  await sharp({ create: size }).png().toFile(thin);
  const pictures = role === 'photo' ? [thin, sample('swirls')] : [sample('town'), thin];
  const { code, stderr } = await paint(pictures[0]!, pictures[1]!);
  expect(code).toBe(2);
  expect(stderr).toContain(`${words} where it is painted; this network needs 8 x 8 at least`);
  expect(readdirSync(folder)).toEqual(['thin.png']);
});

it('leaves out the sizes that are too small for the network, not the picture', async () => {
  const narrow = join(folder, 'narrow.png');
  const size = { width: 640, height: 80, channels: 3 as const, background: '#a42' };
  await sharp({ create: size }).png().toFile(narrow);
  const { code, stderr } = await paint(narrow, sample('swirls'), '--scales', '3');
  expect([code, stderr]).toEqual([0, '']);
});
