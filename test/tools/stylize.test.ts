import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { runTool } from '../support/run.ts';

const sample = (name: string) =>
  fileURLToPath(new URL(`../../public/samples/${name}.jpg`, import.meta.url));
const FOREIGN = fileURLToPath(new URL('../fixtures/foreign/net.onnx', import.meta.url));
const [CONTENT, STYLE, OTHER] = [sample('town'), sample('swirls'), sample('glass')];

let folder: string;
let out: string;
let report: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'restyle-'));
  [out, report] = [join(folder, 'out.png'), join(folder, 'report.json')];
});
afterEach(() => rmSync(folder, { recursive: true }));

const paint = (...args: string[]) =>
  runTool('stylize', [
    '--content',
    CONTENT,
    '--style',
    STYLE,
    '--size',
    '48',
    '--steps',
    '4',
    '--out',
    out,
    ...args,
  ]);

interface Report {
  readonly losses: { step: number; total: number; content: number; style: number; tv: number }[];
  readonly [field: string]: unknown;
}
const readReport = () => JSON.parse(readFileSync(report, 'utf8')) as Report;

describe('npm run stylize', () => {
  it('writes the picture and a report of every step', async () => {
    const { code, stdout, stderr } = await paint('--report', report);
    expect([code, stdout, stderr]).toEqual([0, '', '']);
    const { format, width, height } = await sharp(out).metadata();
    expect({ format, width, height }).toEqual({ format: 'png', width: 36, height: 48 });
    const { losses, ...rest } = readReport();
    expect(losses.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    for (const row of losses) expect(row.total).toBeCloseTo(row.content + row.style + row.tv, 5);
    expect(rest).toMatchObject({
      backend: 'wasm',
      model: 'lite-vgg',
      preset: 'default',
      width: 36,
      height: 48,
      steps: 4,
    });
    for (const field of ['bestStep', 'msPerStep', 'setupMs', 'peakBytes'])
      expect(rest[field]).toBeGreaterThan(0);
    expect(rest['versions']).toMatchObject({
      'onnxruntime-web': expect.stringMatching(/^1\./) as string,
    });
  });

  it('gives the same picture for the same seed, and another for another', async () => {
    const pixels = async (seed: string) => {
      expect((await paint('--init', 'noise', '--seed', seed)).code).toBe(0);
      return sharp(out).raw().toBuffer();
    };
    const first = await pixels('7');
    expect((await pixels('7')).equals(first)).toBe(true);
    expect((await pixels('8')).equals(first)).toBe(false);
  });

  it('blends several styles', async () => {
    const single = async (...args: string[]) => {
      await paint('--report', report, ...args);
      return readReport().losses[0]!.style;
    };
    const alone = await single();
    const even = await single('--style', STYLE);
    const mixed = await single('--style', OTHER);
    expect(even / alone).toBeCloseTo(1, 4);
    expect(Math.abs(mixed / alone - 1)).toBeGreaterThan(0.01);
  });

  it.each(['tutorial', 'gatys', 'johnson', 'gordic'])(
    'runs the preset %s, and says what this network lacks',
    async (preset) => {
      const { code, stderr } = await paint('--preset', preset, '--report', report);
      expect(code).toBe(0);
      expect(readReport().losses).toHaveLength(4);
      if (preset === 'tutorial') expect(stderr).toBe('');
      else expect(stderr).toBe('note: style without relu5_1, which this network does not have\n');
    },
  );

  it('takes any ONNX network with its layers named', async () => {
    const { code } = await paint(
      '--model',
      FOREIGN,
      '--style-layers',
      '/leaky/LeakyRelu_output_0,/wide/Conv_output_0:0.5',
      '--content-layers',
      'shares',
      '--size',
      '64',
      '--scales',
      '1',
      '--report',
      report,
    );
    expect(code).toBe(0);
    const { losses } = readReport();
    expect(losses.at(-1)!.total).toBeLessThan(losses[0]!.total);
  });

  it('suggests layers of a network that names none, in capitals, too, and says what it did', async () => {
    const own = join(folder, 'NET.ONNX');
    copyFileSync(FOREIGN, own);
    const args = ['--model', own, '--size', '64', '--scales', '1', '--preprocess', 'caffe'];
    const { code, stderr } = await paint(...args, '--report', report);
    expect(code).toBe(0);
    expect(stderr).toMatch(/note: style from .*LeakyRelu_output_0.*\n/);
    expect(stderr).toMatch(/note: content from /);
    const [first] = readReport().losses;
    expect(first!.style).toBeGreaterThan(0);
  });

  it('paints by two networks, and writes both side by side and each by itself', async () => {
    const { code, stderr } = await paint('--model', 'lite-vgg,lite-resnet', '--report', report);
    expect([code, stderr]).toEqual([0, '']);
    const { pastiches } = readReport() as unknown as { pastiches: (Report & { model: string })[] };
    expect(pastiches.map(({ model }) => model)).toEqual(['lite-vgg', 'lite-resnet']);
    for (const { losses, msPerStep } of pastiches) {
      expect(losses).toHaveLength(4);
      expect(msPerStep).toBeGreaterThan(0);
    }
    const both = await sharp(out).metadata();
    expect([both.width, both.height]).toEqual([72, 48]);
    const left = await sharp(out)
      .extract({ left: 0, top: 0, width: 36, height: 48 })
      .raw()
      .toBuffer();
    const alone = (model: string) =>
      sharp(join(folder, `out.${model}.png`))
        .raw()
        .toBuffer();
    expect(left.equals(await alone('lite-vgg'))).toBe(true);
    expect(left.equals(await alone('lite-resnet'))).toBe(false);
  });

  it("keeps the photo's colours when asked to", async () => {
    expect((await paint('--colours=luminance', '--steps', '12')).code).toBe(0);
    const { data: after } = await sharp(out).raw().toBuffer({ resolveWithObject: true });
    const before = await sharp(CONTENT).resize(36, 48, { fit: 'fill' }).raw().toBuffer();
    const [chroma, luma] = [
      [0, -1],
      [1, 1],
    ].map(([g, b]) => {
      const of = (data: Buffer, i: number) => data[i]! + g! * data[i + 1]! + b! * data[i + 2]!;
      let sum = 0;
      for (let i = 0; i < 36 * 48; i++) sum += Math.abs(of(after, 4 * i) - of(before, 3 * i));
      return sum / (36 * 48);
    });
    // Red less blue against all three: shrinking by another filter is all that changes the first.
    expect(chroma).toBeLessThan(8);
    expect(luma).toBeGreaterThan(20);
  });

  it('says what it takes, and that WebAssembly computes in 32 bits', async () => {
    const help = await runTool('stylize', ['--help']);
    expect([help.code, help.stderr]).toEqual([0, '']);
    expect(help.stdout).toMatch(/--model NAME\[,NAME\].*OUT\.NAME\.png/s);
    expect((await paint('--precision', 'fp16')).stderr).toMatch(/^note: .*32 bit/);
  });

  it('keeps transparency', async () => {
    const cut = join(folder, 'cut.png');
    const circle = Buffer.from(
      '<svg width="64" height="64"><circle cx="32" cy="32" r="28" fill="#a40"/></svg>',
    );
    await sharp(circle).png().toFile(cut);
    expect(
      (
        await runTool('stylize', [
          '--content',
          cut,
          '--style',
          STYLE,
          '--size',
          '64',
          '--steps',
          '2',
          '--out',
          out,
        ])
      ).code,
    ).toBe(0);
    const { data } = await sharp(out).raw().toBuffer({ resolveWithObject: true });
    expect([data[3], data[4 * (32 * 64 + 32) + 3]]).toEqual([0, 255]);
  });
});

describe('what it refuses, in one line and with nothing written', () => {
  it.each<[string, string[], RegExp]>([
    ['a missing file', ['--content', '/nowhere/photo.jpg'], /photo\.jpg: no such file/],
    ['an unknown model', ['--model', 'vgg99'], /unknown model vgg99; in .*: lite-vgg/],
    ['a layer that is not there', ['--style-layers', 'relu9_9'], /no layer "relu9_9"/],
    ['a layer that is no picture', ['--model', FOREIGN, '--style-layers', 'picture'], /no layer/],
    [
      'a convention that is none',
      ['--preprocess', 'rgb'],
      /--preprocess rgb: .*torchvision, tf, caffe/,
    ],
    ['a size out of range', ['--size', '5'], /^--size 5: expected a whole number from 16 to 4096/],
    ['a size that is no number', ['--size', 'big'], /--size big: expected a whole number/],
    [
      'an option that is NaN',
      ['--style-weight', 'NaN'],
      /--style-weight NaN: expected a number, 0 or more/,
    ],
    ['a negative weight', ['--content-weight=-1'], /^--content-weight -1: /],
    ['no steps', ['--steps', '0'], /^--steps 0: /],
    ['too many styles', Array<string[]>(5).fill(['--style', STYLE]).flat(), /6 styles; at most 5/],
    [
      'an unknown preset',
      ['--preset', 'dali'],
      /unknown preset dali; there are: default, gram, crowson, tutorial/,
    ],
    [
      'an unknown optimiser',
      ['--optimizer', 'sgd'],
      /^--optimizer sgd: expected one of adam, lbfgs/,
    ],
    ['an unknown precision', ['--precision', 'fp8'], /^--precision fp8: /],
    ['a model twice', ['--model', 'lite-vgg,lite-vgg'], /lite-vgg,lite-vgg: a model twice/],
    ['an unknown second model', ['--model', 'lite-vgg,vgg99'], /unknown model vgg99/],
    ['an unknown backend', ['--backend', 'cuda'], /--backend cuda/],
    ['an unknown option', ['--colour'], /--colour/],
    ['a lone decay', ['--betas', '0.9'], /^--betas 0.9: expected two numbers/],
    [
      'a folder that is not there',
      ['--out', '/nowhere/out.png'],
      /cannot write \/nowhere\/out\.png/,
    ],
  ])('%s', async (_what, args, message) => {
    const { code, stdout, stderr } = await paint(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('a file that is no picture', async () => {
    const text = join(folder, 'photo.jpg');
    writeFileSync(text, 'not a photo');
    const { code, stderr } = await paint('--content', text);
    expect([code, existsSync(out)]).toEqual([2, false]);
    expect(stderr).toContain('not a picture');
  });
});
