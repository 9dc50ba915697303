/** The folder of model files and its manifest. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import {
  EMPTY_MANIFEST,
  manifestSchema,
  type Manifest,
  type ModelEntry,
} from '../shared/models.ts';
import { FeatureNetwork } from '../web/engine/networks/network.ts';
import { SketchNetwork } from '../web/engine/networks/sketch.ts';
import { externalFiles, withExternal } from '../web/engine/onnx/external.ts';
import { Upscaler } from '../web/engine/networks/upscaler.ts';
import type { SketchModels } from '../web/engine/pipeline/sketcher.ts';
import { UsageError } from './cli.ts';
import { checkWritable, writeWhole } from './output.ts';
import { describe } from './describe.ts';

const MANIFEST = 'manifest.json';

export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

async function readBytes(path: string): Promise<Uint8Array | null> {
  return readFile(path).catch(() => null);
}

export async function readManifest(dir: string): Promise<Manifest> {
  const bytes = await readBytes(join(dir, MANIFEST));
  if (!bytes) return EMPTY_MANIFEST;
  try {
    return v.parse(manifestSchema, JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    throw new UsageError(`${join(dir, MANIFEST)} is damaged`);
  }
}

/** Throws UsageError, before any work, if no model could be written into the folder, which need not be there yet. */
export async function checkFolder(dir: string): Promise<void> {
  let there = dir;
  while (!(await stat(there).catch(() => null)) && dirname(there) !== there) there = dirname(there);
  await checkWritable(join(there, MANIFEST)).catch((error: unknown) => {
    throw new UsageError(`cannot write into ${dir}`, { cause: error });
  });
}

/** Writes the model, then the manifest that names it; each file is whole or not there. */
export async function addModel(
  dir: string,
  entry: Omit<ModelEntry, 'bytes' | 'sha256' | 'file'>,
  bytes: Uint8Array,
): Promise<ModelEntry> {
  const { models } = await readManifest(dir);
  const added = {
    ...entry,
    file: `${entry.id}.onnx`,
    bytes: bytes.byteLength,
    sha256: sha256(bytes),
  };
  const others = models.filter(({ id }) => id !== entry.id);
  const manifest: Manifest = { version: 1, models: [...others, added] };
  await mkdir(dir, { recursive: true });
  await writeWhole(join(dir, added.file), bytes);
  await writeWhole(join(dir, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  return added;
}

/** Writes anew into the manifest what layers its models have and what they cost. */
export async function describeModels(dir: string): Promise<void> {
  const { models } = await readManifest(dir);
  const described: ModelEntry[] = [];
  for (const entry of models) {
    const bytes = await readBytes(join(dir, entry.file));
    if (!bytes) throw new UsageError(`${entry.file} is missing`);
    described.push({ ...entry, ...describe(kindOf(entry), bytes) });
  }
  const manifest: Manifest = { version: 1, models: described };
  await writeWhole(join(dir, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** What is wrong with a model's file, or null. */
export async function checkModel(dir: string, entry: ModelEntry): Promise<string | null> {
  const bytes = await readBytes(join(dir, entry.file));
  if (!bytes) return `${entry.file} is missing`;
  if (bytes.byteLength !== entry.bytes)
    return `${entry.file} has ${bytes.byteLength} bytes, not ${entry.bytes}`;
  return sha256(bytes) === entry.sha256
    ? null
    : `${entry.file} has another SHA-256 than the manifest says`;
}

const isFile = (model: string): boolean => /\.onnx$/i.test(model);

/** The model with the weights that lie in files beside it. */
async function withBeside(path: string, bytes: Uint8Array): Promise<Uint8Array> {
  const names = externalFiles(bytes);
  if (names.length === 0) return bytes;
  const files = new Map<string, Uint8Array>();
  for (const name of names) {
    const beside = await readBytes(join(dirname(path), name));
    if (beside) files.set(name, beside);
  }
  return withExternal(bytes, files);
}

/** The bytes of a model by its id in the folder, or of any ONNX file by its path. */
async function modelBytes(
  dir: string,
  model: string,
  kind: NonNullable<ModelEntry['kind']>,
): Promise<Uint8Array> {
  if (isFile(model)) {
    const bytes = await readBytes(model);
    if (!bytes) throw new UsageError(`${model}: no such file`);
    return withBeside(model, bytes);
  }
  const { models } = await readManifest(dir);
  const entry = models.find(({ id }) => id === model);
  const of = (wanted: string) => models.filter((one) => kindOf(one) === wanted);
  if (!entry) {
    const known =
      of(kind)
        .map(({ id }) => id)
        .join(', ') || 'none';
    throw new UsageError(`unknown model ${model}; in ${dir}: ${known}`);
  }
  if (kindOf(entry) !== kind) {
    const { does, tool } = DEEDS[kindOf(entry)];
    throw new UsageError(`${model} ${does}; it is for npm run ${tool}`);
  }
  const problem = await checkModel(dir, entry);
  if (problem) throw new UsageError(`${problem}; import or fetch it again`);
  return (await readBytes(join(dir, entry.file)))!;
}

/** What networks of a kind do, and for which command they are. */
const DEEDS = {
  features: { does: 'sees features of pictures', tool: 'stylize' },
  upscaler: { does: 'enlarges pictures', tool: 'upscale' },
  sketch: { does: 'sketches pictures', tool: 'sketch' },
} as const;

const kindOf = ({ kind }: ModelEntry): NonNullable<ModelEntry['kind']> => kind ?? 'features';

/** A feature network by its id in the folder, or any ONNX file by its path. */
export async function openNetwork(dir: string, model: string): Promise<FeatureNetwork> {
  return FeatureNetwork.parse(await modelBytes(dir, model, 'features'));
}

/** A super-resolution network by its id in the folder, or any ONNX file by its path. */
export async function openUpscaler(dir: string, model: string): Promise<Upscaler> {
  return Upscaler.parse(await modelBytes(dir, model, 'upscaler'));
}

/** A sketch network by its id in the folder, or an ONNX file by its path, with the feature network it needs. */
export async function openSketch(dir: string, model: string): Promise<SketchModels> {
  const network = SketchNetwork.parse(await modelBytes(dir, model, 'sketch'));
  return { network, encoder: await openNetwork(dir, network.encoder) };
}
