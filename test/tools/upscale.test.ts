import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { runTool } from '../support/run.ts';

const WEIGHTS = fileURLToPath(new URL('../fixtures/srgan/generator.pth', import.meta.url));
const VGG = fileURLToPath(new URL('../../public/models/lite-vgg.onnx', import.meta.url));

let folder: string;
let input: string;
let out: string;
let report: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'restyle-'));
  [input, out, report] = ['in.png', 'out.png', 'report.json'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const disc = '<svg width="50" height="40"><circle cx="25" cy="20" r="16" fill="#a40"/></svg>';
  await sharp(Buffer.from(disc)).png().toFile(input);
  const imported = await runTool('models', ['import', 'srgan', WEIGHTS, '--models-dir', folder]);
  expect(imported.code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  for (const file of [out, report]) rmSync(file, { force: true });
});

const run = (...args: string[]) =>
  runTool('upscale', [
    '--in',
    input,
    '--out',
    out,
    '--models-dir',
    folder,
    '--model',
    'srgan',
    ...args,
  ]);

describe('npm run upscale', () => {
  it('writes a picture four times as large, alpha kept, and a report', async () => {
    const { code, stdout, stderr } = await run('--report', report, '--threads', '1');
    expect([code, stdout, stderr]).toEqual([0, '', '']);
    const { data, info } = await sharp(out).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([200, 160, 4]);
    expect([data[3], data[4 * (80 * 200 + 100) + 3]]).toEqual([0, 255]);
    const figures = JSON.parse(readFileSync(report, 'utf8')) as Record<string, unknown>;
    expect(figures).toMatchObject({ backend: 'wasm', model: 'srgan', width: 200, height: 160 });
    expect(figures).toMatchObject({ scale: 4, tiles: 1 });
    for (const field of ['ms', 'peakBytes']) expect(figures[field]).toBeGreaterThan(0);
  });

  it('gives the same picture in tiles', async () => {
    const pixels = async (...args: string[]) => {
      expect((await run('--report', report, ...args)).code).toBe(0);
      const { tiles } = JSON.parse(readFileSync(report, 'utf8')) as { tiles: number };
      return { tiles, bytes: await sharp(out).raw().toBuffer() };
    };
    const [whole, tiled] = [await pixels(), await pixels('--tile', '27')];
    expect(tiled.tiles).toBeGreaterThan(whole.tiles);
    const worst = tiled.bytes.reduce(
      (most, v, i) => Math.max(most, Math.abs(v - whole.bytes[i]!)),
      0,
    );
    expect(worst).toBeLessThanOrEqual(1);
  });

  it('takes any ONNX file by its path', async () => {
    const { code } = await run('--model', join(folder, 'srgan.onnx'));
    expect([code, existsSync(out)]).toEqual([0, true]);
  });

  it.each<[string, string[], RegExp]>([
    ['a missing picture', ['--in', '/nowhere/a.png'], /a\.png: no such file/],
    ['an unknown model', ['--model', 'esrgan'], /unknown model esrgan; in .*: srgan/],
    ['a network that does not enlarge', ['--model', VGG], /does not enlarge pictures/],
    ['a tile smaller than the network sees', ['--tile', '12'], /a tile of 12 pixels is less/],
    ['a tile that is no number', ['--tile', 'big'], /--tile big/],
    ['no threads', ['--threads', '0'], /--threads 0/],
    ['an unknown backend', ['--backend', 'cuda'], /--backend cuda: wasm or webgpu/],
    ['an unknown option', ['--sharp'], /--sharp/],
    [
      'a folder that is not there',
      ['--out', '/nowhere/out.png'],
      /cannot write \/nowhere\/out\.png/,
    ],
  ])('refuses %s in one line, with nothing written', async (_what, args, message) => {
    const { code, stdout, stderr } = await run('--report', report, ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect([existsSync(out), existsSync(report)]).toEqual([false, false]);
  });

  it('refuses a file that is no picture, and each tool the other kind of network', async () => {
    const text = join(folder, 'text.png');
    writeFileSync(text, 'not a photo');
    expect((await run('--in', text)).stderr).toContain('not a picture');
    const style = ['--content', input, '--style', input, '--out', out, '--models-dir', folder];
    const { code, stderr } = await runTool('stylize', [...style, '--model', 'srgan']);
    expect([code, stderr]).toEqual([2, 'srgan enlarges pictures; it is for npm run upscale\n']);
  });
});
