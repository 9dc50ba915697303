/** npm run -s stylize -- --content C.jpg --style S.jpg --out out.png: the engine on files. */
import { join, parse as parsePath } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import {
  makeSettings,
  PRESET_NAMES,
  type PresetName,
  type StyleSettings,
} from '../shared/settings.ts';
import { stylize, type Progress, type StylizeResult } from '../web/engine/pipeline/stylize.ts';
import type { Runtime } from '../web/engine/runtime/runtime.ts';
import { checkWritable, MODELS_DIR, runCommand, UsageError, writeWhole } from './cli.ts';
import { openRuntime, versions } from './host.ts';
import { openNetwork } from './library.ts';
import { beside, encodePng, readPicture } from './pictures.ts';

const text = { type: 'string' } as const;

const OPTIONS = {
  content: text,
  style: { type: 'string', multiple: true },
  /** Blend weights of the styles, comma separated. */
  blend: text,
  /** Several, comma separated: a pastiche by each. */
  model: { type: 'string', default: 'lite-vgg' },
  'models-dir': { type: 'string', default: MODELS_DIR },
  preset: { type: 'string', default: 'default' },
  size: text,
  steps: text,
  scales: text,
  optimizer: text,
  init: text,
  pooling: text,
  precision: text,
  'keep-colours': { type: 'boolean' },
  seed: text,
  'learning-rate': text,
  'content-weight': text,
  'style-weight': text,
  'tv-weight': text,
  'style-scale': text,
  'style-layers': text,
  'content-layers': text,
  backend: { type: 'string', default: 'wasm' },
  threads: text,
  out: text,
  report: text,
  help: { type: 'boolean' },
} as const;

const HELP = `npm run -s stylize -- --content FILE --style FILE [--style FILE ...] --out FILE.png

  --blend A,B,...       blend weights of the styles
  --model NAME[,NAME]   network from the models' folder, or FILE.onnx; of two, each paints a pastiche:
                        OUT.png has them side by side, OUT.NAME.png each by itself
  --models-dir DIR      where models are
  --preset NAME         ${PRESET_NAMES.join(', ')}
  --size N --steps N --scales N
  --optimizer adam|lbfgs --learning-rate X
  --init content|noise|style --seed N
  --content-weight X --style-weight X --tv-weight X --style-scale X
  --style-layers TAP[:WEIGHT],... --content-layers TAP[:WEIGHT],...
  --pooling max|average
  --keep-colours        repaint the luminance only
  --precision auto|fp32|fp16
                        arithmetic of the network; auto: 16 bits where the GPU has them
  --backend wasm|webgpu --threads N
  --report FILE.json    losses of every step, times, versions
`;

type Options = ReturnType<typeof parse>;

function parse() {
  return parseArgs({ options: OPTIONS }).values;
}

/** Options that are numbers, and the setting each one changes. */
const NUMBERS = {
  size: 'size',
  steps: 'steps',
  scales: 'scales',
  seed: 'seed',
  'learning-rate': 'learningRate',
  'content-weight': 'contentWeight',
  'style-weight': 'styleWeight',
  'tv-weight': 'tvWeight',
  'style-scale': 'styleScale',
} as const satisfies Partial<Record<keyof typeof OPTIONS, keyof StyleSettings>>;

const WORDS = ['optimizer', 'init', 'pooling', 'precision'] as const;

function numberOf(option: string, value: string): number {
  const number = value.trim() === '' ? NaN : Number(value);
  if (!Number.isFinite(number)) throw new UsageError(`--${option} ${value}: not a number`);
  return number;
}

/** `relu1_1,relu2_1:0.5` as layers. */
function layersOf(option: string, list: string): StyleSettings['styleLayers'] {
  return list.split(',').map((item) => {
    const [, tap, weight] = /^(.+?)(?::([^:]+))?$/.exec(item.trim()) ?? [];
    if (!tap) throw new UsageError(`--${option} ${list}: an empty layer name`);
    return { tap, weight: weight === undefined ? 1 : numberOf(option, weight) };
  });
}

function settingsOf(options: Options): StyleSettings {
  const preset = options.preset as PresetName;
  if (!PRESET_NAMES.includes(preset)) {
    throw new UsageError(`unknown preset ${options.preset}; there are: ${PRESET_NAMES.join(', ')}`);
  }
  const changes: Record<string, unknown> = {};
  for (const [option, field] of Object.entries(NUMBERS)) {
    const value = options[option as keyof typeof NUMBERS];
    if (value !== undefined) changes[field] = numberOf(option, value);
  }
  for (const word of WORDS) if (options[word] !== undefined) changes[word] = options[word];
  if (options['keep-colours']) changes['keepColours'] = true;
  const { 'style-layers': style, 'content-layers': content } = options;
  if (style !== undefined) changes['styleLayers'] = layersOf('style-layers', style);
  if (content !== undefined) changes['contentLayers'] = layersOf('content-layers', content);
  try {
    return makeSettings(preset, changes);
  } catch (error) {
    if (!v.isValiError(error)) throw error;
    const [issue] = error.issues;
    const field = issue.path?.map(({ key }) => String(key)).join('.') ?? '';
    throw new UsageError(`${field}: ${issue.message}`);
  }
}

function weightsOf(options: Options, count: number): number[] {
  if (options.blend === undefined) return Array<number>(count).fill(1);
  const weights = options.blend.split(',').map((part) => numberOf('blend', part));
  if (weights.length !== count)
    throw new UsageError(`--blend has ${weights.length} weights for ${count} styles`);
  return weights;
}

function printProgress({ phase, step, steps, losses, msPerStep, width, height }: Progress): void {
  const last = losses.at(-1);
  const line = last
    ? `${step}/${steps}  loss ${last.total.toPrecision(4)}  ${msPerStep.toFixed(0)} ms/step  ${width}x${height}`
    : phase;
  // A terminal gets one line that moves; a log gets none.
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
}

/** A model and what it painted. */
interface Pastiche {
  readonly model: string;
  readonly result: StylizeResult;
}

function reportOne({ model, result }: Pastiche) {
  const { image, losses, bestStep, msPerStep, setupMs, notes } = result;
  const { width, height } = image;
  const steps = losses.length;
  return { model, width, height, steps, losses, bestStep, msPerStep, setupMs, notes };
}

function report(options: Options, runtime: Runtime, pastiches: readonly Pastiche[]) {
  const peak = runtime.counters.peakBytes;
  const each = pastiches.map(reportOne);
  return {
    backend: runtime.backend,
    device: runtime.description,
    preset: options.preset,
    ...(each.length === 1 ? each[0] : { pastiches: each }),
    // On wasm the process is all there is to measure.
    peakBytes: peak > 0 ? peak : process.resourceUsage().maxRSS * 1024,
    versions: versions(),
  };
}

/** `out.png` as `out.vgg19.png`. */
function pathFor(out: string, model: string): string {
  const { dir, name, ext } = parsePath(out);
  return join(dir, `${name}.${parsePath(model).name}${ext}`);
}

async function write(out: string, pastiches: readonly Pastiche[]): Promise<void> {
  const images = pastiches.map(({ result }) => result.image);
  await writeWhole(out, await encodePng(beside(images)));
  if (pastiches.length === 1) return;
  for (const { model, result } of pastiches) {
    await writeWhole(pathFor(out, model), await encodePng(result.image));
  }
}

/** Needed files and options, checked before any work. */
function inputs(options: Options) {
  const { content, style = [], out } = options;
  const backend: string = options.backend;
  if (!content || style.length === 0 || !out) {
    throw new UsageError(
      'needed: --content FILE --style FILE [--style FILE ...] --out FILE.png; --help lists the rest',
    );
  }
  if (style.length > 5) throw new UsageError(`${style.length} styles; at most 5`);
  if (backend !== 'wasm' && backend !== 'webgpu') {
    throw new UsageError(`--backend ${backend}: wasm or webgpu`);
  }
  const models = options.model.split(',').map((name) => name.trim());
  if (new Set(models).size < models.length)
    throw new UsageError(`--model ${options.model}: a model twice`);
  const weights = weightsOf(options, style.length);
  const settings = settingsOf(options);
  return { content, style, weights, out, backend, models, settings } as const;
}

async function main(): Promise<void> {
  const options = parse();
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  const { content, style, weights, out, backend, models, settings } = inputs(options);
  for (const path of [out, options.report]) if (path) await checkWritable(path);
  const pictures = {
    content: await readPicture(content),
    styles: await Promise.all(
      style.map(async (path, i) => ({ pixels: await readPicture(path), weight: weights[i]! })),
    ),
  };
  const networks = [];
  for (const model of models) {
    networks.push({ model, network: await openNetwork(options['models-dir'], model) });
  }
  const threads = options.threads === undefined ? undefined : numberOf('threads', options.threads);
  const runtime = await openRuntime(backend, threads);
  const abort = new AbortController();
  // The first Ctrl-C keeps the best image so far; the second ends at once.
  process.once('SIGINT', () => abort.abort());
  const { signal } = abort;
  const pastiches: Pastiche[] = [];
  for (const { model, network } of networks) {
    if (signal.aborted && pastiches.length > 0) break;
    const request = { ...pictures, network, settings };
    const result = await stylize(runtime, request, { signal, onProgress: printProgress });
    if (process.stderr.isTTY) process.stderr.write('\n');
    for (const note of result.notes) process.stderr.write(`note: ${note}\n`);
    pastiches.push({ model, result });
  }
  if (options.report) {
    const text = JSON.stringify(report(options, runtime, pastiches), null, 1);
    await writeWhole(options.report, `${text}\n`);
  }
  await write(out, pastiches);
  await runtime.dispose();
}

await runCommand(main);
