import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkModel, openNetwork, readManifest } from '../../tools/library.ts';
import { runTool, type Finished } from '../support/run.ts';
import { safetensors, tinyResNet, tinyVgg, type Tensors } from '../support/weights.ts';

let folder: string;
let models: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'restyle-'));
  models = join(folder, 'models');
});
afterEach(() => rmSync(folder, { recursive: true }));

function importFile(bytes: Uint8Array, ...args: string[]): Promise<Finished> {
  const file = join(folder, 'weights.safetensors');
  writeFileSync(file, bytes);
  return runTool('models', ['import', args[0]!, file, '--models-dir', models, ...args.slice(1)]);
}

describe('npm run models -- import', () => {
  it('makes a self-describing file and names it in the manifest', async () => {
    const metadata = {
      input_range: '255',
      input_mean: '1,2,3',
      input_std: '1,1,1',
      licence: 'ours',
    };
    const { code, stdout } = await importFile(
      safetensors(tinyVgg(), metadata),
      'vgg19',
      '--id',
      'tiny',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tiny\.onnx: \d+ bytes, sha256 [0-9a-f]{64}\n$/);
    const { models: entries } = await readManifest(models);
    expect(entries).toHaveLength(1);
    expect(await checkModel(models, entries[0]!)).toBeNull();
    const { description, taps } = await openNetwork(models, 'tiny');
    expect(description.preprocess).toEqual({ range: 255, mean: [1, 2, 3], std: [1, 1, 1] });
    expect(description.licence).toBe('ours');
    expect(description.styleLayers.map(({ tap }) => tap)).toEqual(['relu1_1', 'relu2_1']);
    expect(taps).toEqual(['conv1_1', 'relu1_1', 'conv1_2', 'relu1_2', 'conv2_1', 'relu2_1']);
  });

  it("takes torchvision's convention where the file has none, and the user's word above all", async () => {
    await importFile(safetensors(tinyVgg()), 'vgg19', '--range', '255', '--mean', '10,20,30');
    const { description } = await openNetwork(models, 'vgg19');
    expect(description.preprocess).toEqual({
      range: 255,
      mean: [10, 20, 30],
      std: [0.229, 0.224, 0.225],
    });
  });

  it('keeps kernels in 8 bits when asked to', async () => {
    const weights = safetensors(tinyVgg());
    await importFile(weights, 'vgg19', '--id', 'half');
    const { code } = await importFile(weights, 'vgg19', '--id', 'eight', '--weights', 'int8');
    expect(code).toBe(0);
    const { models: entries } = await readManifest(models);
    const bytes = (id: string) => entries.find((entry) => entry.id === id)!.bytes;
    expect(bytes('eight')).toBeLessThan(bytes('half'));
    const [half, eight] = [await openNetwork(models, 'half'), await openNetwork(models, 'eight')];
    expect(eight.taps).toEqual(half.taps);
  });

  it.each([
    ['vgg19', 'int4', /--weights int4: float16 or int8/],
    ['srgan', 'int8', /for feature networks; srgan is none/],
  ])('refuses %s in %s', async (name, weights, message) => {
    const { code, stderr } = await importFile(safetensors(tinyVgg()), name, '--weights', weights);
    expect([code, stderr.trim().split('\n').length]).toEqual([2, 1]);
    expect(stderr).toMatch(message);
  });

  it('keeps the other models', async () => {
    await importFile(safetensors(tinyVgg()), 'vgg19');
    await importFile(safetensors(tinyResNet()), 'resnet50', '--variant', 'v1');
    const listed = await runTool('models', ['list', '--models-dir', models]);
    expect(listed.stdout.split('\n').map((line) => line.split('\t')[0])).toEqual([
      'vgg19',
      'resnet50',
      '',
    ]);
    const { taps } = await openNetwork(models, 'resnet50');
    expect(taps).toContain('layer2.0');
    expect((await runTool('models', ['verify', '--models-dir', models])).code).toBe(0);
  });

  it('notices a model file that changed', async () => {
    await importFile(safetensors(tinyVgg()), 'vgg19');
    const path = join(models, 'vgg19.onnx');
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(path, bytes);
    const { code, stdout } = await runTool('models', ['verify', '--models-dir', models]);
    expect(code).toBe(1);
    expect(stdout).toContain('another SHA-256');
  });
});

describe('what an import refuses, with the directory as it was', () => {
  const without = (name: string): Tensors => {
    return Object.fromEntries(Object.entries(tinyVgg()).filter(([own]) => own !== name));
  };
  const renamed = (from: string, to: string): Tensors => {
    const tensors = tinyVgg();
    return { ...without(from), [to]: tensors[from]! };
  };
  const reshaped = (name: string, dims: number[]): Tensors => {
    const tensors = tinyVgg();
    return { ...tensors, [name]: { dims, values: tensors[name]!.values } };
  };
  const whole = safetensors(tinyVgg());

  it.each<[string, Uint8Array, RegExp]>([
    ['a missing tensor', safetensors(without('features.2.bias')), /"features\.2\.bias" is missing/],
    [
      'a renamed tensor',
      safetensors(renamed('features.5.weight', 'features.5.kernel')),
      /"features\.5\.weight" is missing/,
    ],
    [
      'a tensor of another network',
      safetensors({ ...tinyVgg(), head: tinyVgg()['features.0.bias']! }),
      /"head" does not belong/,
    ],
    [
      'a wrong shape',
      safetensors(reshaped('features.2.weight', [4, 3, 4, 3])),
      /"features\.2\.weight" is \[4, 3, 4, 3\], expected \[\?, 4, 3, 3\]/,
    ],
    [
      'a truncated file',
      whole.subarray(0, whole.byteLength - 100),
      /cut short in the tensor "features\.5/,
    ],
    ['a truncated header', whole.subarray(0, 60), /header is cut short/],
    [
      'a text file',
      new TextEncoder().encode('<!doctype html><title>404</title>'),
      /not a safetensors file/,
    ],
    ['an empty file', new Uint8Array(), /too short/],
    [
      'a convention that is no number',
      safetensors(tinyVgg(), { input_mean: 'a,b,c' }),
      /input_mean is not three numbers/,
    ],
  ])('%s', async (_what, bytes, message) => {
    await importFile(safetensors(tinyResNet()), 'resnet50');
    const before = readdirSync(models).map((name) => [
      name,
      readFileSync(join(models, name), 'base64'),
    ]);
    const { code, stderr } = await importFile(bytes, 'vgg19');
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    const after = readdirSync(models).map((name) => [
      name,
      readFileSync(join(models, name), 'base64'),
    ]);
    expect(after).toEqual(before);
  });

  it('an unknown network, a missing file and an unknown command', async () => {
    expect((await runTool('models', ['import', 'alexnet', 'x'])).code).toBe(2);
    expect((await runTool('models', ['import', 'vgg19', join(folder, 'none')])).stderr).toContain(
      'no such file',
    );
    expect((await runTool('models', ['frobnicate'])).stderr).toContain('usage:');
  });
});
