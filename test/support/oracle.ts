/** Full-size weights and PyTorch, where they are. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTorch } from '../../tools/programs.ts';
import { ARCHITECTURES, networkFile } from '../../tools/making/architectures.ts';
import { conventionOf } from '../../web/engine/networks/convention.ts';
import { FeatureNetwork } from '../../web/engine/networks/network.ts';
import { WeightMap } from '../../web/engine/networks/weights.ts';

const SCRIPTS = fileURLToPath(new URL('../parity', import.meta.url));
const BESIDE = fileURLToPath(new URL('../../../shared', import.meta.url));

/** Folder with weights/, images/ and models/: RESTYLE_DATA, or `shared` beside the checkout. */
const DATA = process.env['RESTYLE_DATA'] ?? BESIDE;

export const torch = findTorch();

/** Path of a data file, or null. */
export function dataFile(name: string): string | null {
  const path = join(DATA, name);
  return existsSync(path) ? path : null;
}

/** Why a comparison cannot run here, or null. */
export function missing(...files: string[]): string | null {
  const absent = files.find((file) => dataFile(file) === null);
  if (absent) return `${absent} is not there (RESTYLE_DATA names the folder)`;
  return torch ? null : 'no python3 with torch (Debian: apt-get install python3-torch)';
}

export interface Figures {
  readonly dims: readonly number[];
  readonly data: ArrayLike<number>;
}

/** Runs reference.py, or another script beside it; `{pixels}` among the arguments becomes the path of the pictures. */
export function reference(
  args: readonly string[],
  pixels: Readonly<Record<string, Figures>>,
  script = 'reference.py',
): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'restyle-'));
  try {
    const file = join(folder, 'pixels.json');
    const plain = Object.entries(pixels).map(([name, { dims, data }]) => [
      name,
      { dims, data: Array.from(data) },
    ]);
    writeFileSync(file, JSON.stringify(Object.fromEntries(plain)));
    const filled = args.map((arg) => (arg === '{pixels}' ? file : arg));
    const out = execFileSync(torch!, [join(SCRIPTS, script), ...filled], {
      maxBuffer: 2 ** 28,
      encoding: 'utf8',
    });
    return JSON.parse(out) as unknown;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A feature network from a safetensors file, by way of the ONNX file that an import would store. */
export function importNetwork(architecture: 'vgg19' | 'resnet50', file: string): FeatureNetwork {
  const weights = WeightMap.fromSafetensors(readFileSync(file));
  const origin = { label: '', licence: '', source: '', variant: 'v1' } as const;
  const preprocess = conventionOf(weights.metadata);
  return FeatureNetwork.parse(
    networkFile(ARCHITECTURES[architecture]!, weights, { ...origin, preprocess }),
  );
}
