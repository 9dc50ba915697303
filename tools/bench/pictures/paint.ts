/** The painters that are compared: presets, looks, and PyTorch with the crowson recipe. */
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { LOOKS, type Look } from '../../../shared/looks.ts';
import {
  FIELDS,
  flagOf,
  makeSettings,
  type Field,
  type PresetName,
  type StyleSettings,
} from '../../../shared/settings.ts';
import { GraphBuilder } from '../../../web/engine/graph/builder.ts';
import type { FeatureNetwork } from '../../../web/engine/networks/network.ts';
import { chooseLayers } from '../../../web/engine/pipeline/layers.ts';
import { makeObjective } from '../../../web/engine/pipeline/objective.ts';
import {
  fitLongSide,
  rgbOf,
  toPlanes,
  type Pixels,
  type Planes,
} from '../../../web/engine/pipeline/pixels.ts';
import { resample } from '../../../web/engine/pipeline/resample.ts';
import { planScales } from '../../../web/engine/pipeline/schedule.ts';
import type { SketchModels } from '../../../web/engine/pipeline/sketcher.ts';
import { stylize } from '../../../web/engine/pipeline/stylize.ts';
import { measureTargets } from '../../../web/engine/pipeline/targets.ts';
import type { Runtime } from '../../../web/engine/runtime/runtime.ts';
import { UsageError } from '../../cli.ts';
import { settingsBy } from '../../options.ts';
import type { Pair } from './pairs.ts';

export interface Painted {
  /** RGB 0..1. */
  readonly image: Planes;
  readonly seconds: number;
  readonly steps: number;
}

export interface Painter {
  readonly name: string;
  readonly settings: StyleSettings;
}

/**
 * A preset or a look, with settings changed as in the page's address, and a name: gram, lively:gram?style-weight=2&init=noise.
 * Throws UsageError for what there is not.
 */
export function painterOf(text: string, size: number, steps?: number): Painter {
  const [, name, base, query] = /^(?:([^:?]+):)?([^?]*)\??(.*)$/.exec(text)!;
  const look = Object.entries(base! in LOOKS ? LOOKS[base as Look] : {});
  const values = {
    ...Object.fromEntries(look.map(([field, value]) => [flagOf(field as Field), String(value)])),
    ...Object.fromEntries(new URLSearchParams(query)),
  };
  const unknown = Object.keys(values).find(
    (flag) => !FIELDS.some((field) => flagOf(field) === flag),
  );
  if (unknown) throw new UsageError(`unknown setting ${unknown}`);
  const settings = settingsBy(base! in LOOKS ? 'default' : base!, values);
  return { name: name ?? text, settings: { ...settings, size, ...(steps && { steps }) } };
}

/** @param sketch what the default begins from, as on the page; null: from the photo */
export async function paint(
  runtime: Runtime,
  network: FeatureNetwork,
  sketch: SketchModels | null,
  { content, style }: Pair,
  settings: StyleSettings,
): Promise<Painted> {
  const started = performance.now();
  const styles = [{ pixels: style, weight: 1 }];
  const { image, losses } = await stylize(runtime, {
    content,
    styles,
    network,
    settings,
    ...(sketch && { sketch }),
  });
  const seconds = (performance.now() - started) / 1000;
  return { image: plain(image), seconds, steps: losses.length };
}

export const plain = (pixels: Pixels): Planes => {
  const planes = toPlanes(pixels);
  return { ...planes, channels: 3, data: rgbOf(planes) };
};

/** A style as the network sees it beside a pastiche of this size. */
export function styleAt(style: Pixels, size: number): Planes {
  const own = Math.max(style.width, style.height);
  const { width, height } = fitLongSide(style.width, style.height, Math.min(size, own));
  return resample(plain(style), width, height);
}

/** Value of a preset's objective at a picture. */
export async function judge(
  runtime: Runtime,
  network: FeatureNetwork,
  { content, style }: Pair,
  image: Planes,
  preset: PresetName,
): Promise<number> {
  const { width, height } = image;
  const settings = makeSettings(preset, { size: Math.max(width, height) });
  const layers = chooseLayers(network, settings);
  const seen = resample(plain(content), width, height);
  const styles = [{ planes: styleAt(style, settings.size), weight: 1 }];
  const targets = await measureTargets(runtime, network, layers, settings, seen, styles);
  const b = new GraphBuilder();
  const x = b.input('x', [1, 3, height, width]);
  const { total } = makeObjective(network, layers, targets, settings, false)(b, x);
  b.output(b.reshape(total, [1]), 'total');
  const values = image.data.map((value) => value * settings.pixelRange);
  return (await runtime.evaluate(b.build(), { x: values }))['total']![0]!;
}

const SCRIPT = fileURLToPath(new URL('../../../test/parity/crowson.py', import.meta.url));
const PYTHONS = [process.env['PYTHON'], '/usr/bin/python3', 'python3'];
const run = promisify(execFile);

/** A Python that has torch, or null. */
export async function findTorch(): Promise<string | null> {
  for (const python of PYTHONS) {
    if (!python) continue;
    const found = await run(python, ['-c', 'import torch']).then(
      () => true,
      () => false,
    );
    if (found) return python;
  }
  return null;
}

/** The crowson recipe in PyTorch on the same pictures, for so many steps. */
export async function paintByTorch(
  python: string,
  weights: string,
  { content, style }: Pair,
  size: number,
  steps: number,
  folder: string,
): Promise<Painted> {
  const settings = makeSettings('crowson', { size, steps });
  const scales = planScales(content.width, content.height, settings);
  const figures = ({ width, height, data }: Planes) => ({
    dims: [1, 3, height, width],
    data: Array.from(data),
  });
  const pixels = Object.fromEntries(
    scales.flatMap(({ width, height }, i) => [
      [`content${i}`, figures(resample(plain(content), width, height))],
      [`style${i}`, figures(styleAt(style, Math.max(width, height)))],
    ]),
  );
  const file = join(folder, 'pixels.json');
  await writeFile(file, JSON.stringify(pixels));
  try {
    const counts = scales.map((scale) => scale.steps).join(',');
    const { stdout } = await run(python, [SCRIPT, weights, file, counts], { maxBuffer: 2 ** 28 });
    const result = JSON.parse(stdout) as { image: number[]; seconds: number; losses: number[] };
    const { width, height } = scales.at(-1)!;
    const image = { width, height, channels: 3, data: Float32Array.from(result.image) };
    return { image, seconds: result.seconds, steps: result.losses.length };
  } finally {
    await rm(file);
  }
}
