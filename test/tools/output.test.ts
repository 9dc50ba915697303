import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { parseRecipe } from '../../shared/recipe.ts';
import { writeWhole } from '../../tools/output.ts';
import { planOutputs } from '../../tools/results.ts';
import { runTool } from '../support/run.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const sample = (name: string) => join(ROOT, 'public/samples', `${name}.jpg`);
const WORK = ['--content', sample('town'), '--style', sample('swirls'), '--size', '48'];

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'restyle-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const paint = (out: string, ...args: string[]) =>
  runTool('stylize', [...WORK, '--steps', '2', '--out', out, ...args]);

describe('the file that --out names', () => {
  it.each([
    ['a.png', 'png'],
    ['a.JPG', 'jpeg'],
    ['a.webp', 'webp'],
    ['a.avif', 'heif'],
    ['a.tif', 'tiff'],
  ])('%s is written as its name asks, its recipe inside', async (name, format) => {
    const out = join(folder, name);
    const { code, stderr } = await paint(out);
    expect([code, stderr]).toEqual([0, '']);
    const metadata = await sharp(out).metadata();
    expect(metadata).toMatchObject({ format, width: 36, height: 48 });
    expect(parseRecipe(readFileSync(out))).toMatchObject({
      photo: { title: 'town', sample: null },
      styles: [{ title: 'swirls' }],
      networks: ['lite-vgg'],
      steps: 2,
      settings: { size: 48, steps: 2 },
    });
  });

  it.each([
    ['a.gif', 'not as .gif; a picture is written as .png, .jpg'],
    ['a.psd', 'not as .psd'],
    ['a', 'its name does not say in which format'],
    ['folder', 'that is a folder'],
    ['folder.png', 'that is a folder'],
    ['missing/a.png', 'its folder is missing'],
    ['file/a.png', 'its folder is missing'],
    ['ring.png', 'its links go in circles'],
  ])('%s is refused before any work', async (name, words) => {
    mkdirSync(join(folder, 'folder'));
    mkdirSync(join(folder, 'folder.png'));
    writeFileSync(join(folder, 'file'), '');
    symlinkSync('ring.png', join(folder, 'ring.png'));
    const before = readdirSync(folder);
    await expect(planOutputs(join(folder, name), ['lite-vgg'])).rejects.toThrow(words);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('is refused by each command before its work', async () => {
    const onto = (tool: Parameters<typeof runTool>[0], ...args: string[]) => runTool(tool, args);
    const refusals = await Promise.all([
      paint(folder),
      onto('stylize', ...WORK, '--out', join(folder, 'a.png'), '--report', folder),
      onto('upscale', '--in', sample('town'), '--out', folder),
      onto('bench/main', '--json', folder),
    ]);
    for (const { code, stderr } of refusals) {
      expect([code, stderr]).toEqual([2, `cannot write ${folder}: that is a folder\n`]);
    }
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const models = ['--models-dir', join(file, 'models')];
    const { code, stderr } = await onto('models', 'fetch', 'vgg19', ...models);
    expect([code, stderr]).toEqual([2, `cannot write into ${join(file, 'models')}\n`]);
  });

  it('goes through links, keeps its mode, and leaves nothing else', async () => {
    mkdirSync(join(folder, 'far'));
    const target = join(folder, 'far', 'real.txt');
    const link = join(folder, 'link.txt');
    symlinkSync('far/real.txt', link);
    await writeWhole(link, 'one');
    chmodSync(target, 0o600);
    await writeWhole(link, 'two');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, 'utf8')).toBe('two');
    expect(statSync(target).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'far'))).toEqual(['real.txt']);
  });

  it('may be a pipe or a device, which stays one', async () => {
    const { code, stdout } = await runTool('stylize', [
      ...WORK,
      '--steps',
      '1',
      '--out',
      '/dev/null',
    ]);
    expect([code, stdout]).toEqual([0, '']);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    const child = spawn(
      'sh',
      [
        '-c',
        `node --import tsx tools/stylize.ts "$@" --steps 1 --out /dev/stdout | cat`,
        'sh',
        ...WORK,
      ],
      { cwd: ROOT },
    );
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    await new Promise((resolve) => child.on('close', resolve));
    expect(await sharp(Buffer.concat(chunks)).metadata()).toMatchObject({
      format: 'png',
      width: 36,
    });
  });

  it('tells models of one name apart', async () => {
    const { each } = await planOutputs(join(folder, 'o.png'), ['a/net.onnx', 'b/net.onnx', 'net']);
    expect(each.map((path) => path.slice(folder.length))).toEqual([
      '/o.net.png',
      '/o.net-2.png',
      '/o.net-3.png',
    ]);
    mkdirSync(join(folder, 'o.net-2.png'));
    await expect(planOutputs(join(folder, 'o.png'), ['a/net.onnx', 'b/net.onnx'])).rejects.toThrow(
      'o.net-2.png: that is a folder',
    );
  });
});

describe('Ctrl-C', () => {
  /** The documented command in a group of processes of its own, as a terminal starts it. */
  async function interrupted(
    command: readonly string[],
    out: string,
    at: string,
    more: readonly string[] = [],
  ) {
    const work = [...WORK, '--steps', '2000', '--progress', '--out', out, ...more];
    const args = [...command.slice(1), ...work];
    const child = spawn(command[0]!, args, { cwd: ROOT, detached: true });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      const before = stderr.includes(at);
      stderr += chunk.toString();
      if (!before && stderr.includes(at)) process.kill(-child.pid!, 'SIGINT');
    });
    // A shell in between ends by the signal itself, which whoever asks sees as the same code.
    const code = await new Promise((resolve) =>
      child.on('close', (code, signal) => resolve(signal === 'SIGINT' ? 130 : code)),
    );
    return { code, stderr };
  }

  it.each([
    ['npm run', ['npm', 'run', '-s', 'stylize', '--']],
    ['node', [process.execPath, '--import', 'tsx', 'tools/stylize.ts']],
  ])('keeps the best picture, by %s', async (_, command) => {
    const out = join(folder, 'a.png');
    const { code } = await interrupted(command, out, 'loss');
    expect(code).toBe(130);
    expect(await sharp(out).metadata()).toMatchObject({ format: 'png', width: 36, height: 48 });
    expect(parseRecipe(readFileSync(out))!.steps).toBeLessThan(2000);
  });

  it('before the first step there is nothing to keep', async () => {
    const out = join(folder, 'a.png');
    const { code, stderr } = await interrupted(
      ['npm', 'run', '-s', 'stylize', '--'],
      out,
      'preparing',
      // Of a size whose preparation takes longer than any signal.
      ['--size', '384'],
    );
    expect(code).toBe(130);
    expect(stderr).toContain('cancelled');
    expect(existsSync(out)).toBe(false);
  });
});
