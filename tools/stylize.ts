/** npm run -s stylize -- --content C.jpg --style S.jpg --out out.png: the engine on files. */
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import {
  makeSettings,
  PRESET_NAMES,
  type PresetName,
  type StyleSettings,
} from '../shared/settings.ts';
import { stylize, type Progress, type StylizeResult } from '../web/engine/pipeline/stylize.ts';
import type { BackendKind, Runtime } from '../web/engine/runtime/runtime.ts';
import { checkWritable, MODELS_DIR, runCommand, UsageError, writeWhole } from './cli.ts';
import { openRuntime, versions } from './host.ts';
import { openNetwork } from './library.ts';
import { encodePng, readPicture } from './pictures.ts';

const text = { type: 'string' } as const;

const OPTIONS = {
  content: text,
  style: { type: 'string', multiple: true },
  /** Blend weights of the styles, comma separated. */
  blend: text,
  model: { type: 'string', default: 'lite-vgg' },
  'models-dir': { type: 'string', default: MODELS_DIR },
  preset: { type: 'string', default: 'default' },
  size: text,
  steps: text,
  scales: text,
  optimizer: text,
  init: text,
  pooling: text,
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
} as const;

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

const WORDS = ['optimizer', 'init', 'pooling'] as const;

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

function report(options: Options, runtime: Runtime, result: StylizeResult) {
  const peak = runtime.counters.peakBytes;
  return {
    backend: runtime.backend,
    device: runtime.description,
    model: options.model,
    preset: options.preset,
    width: result.image.width,
    height: result.image.height,
    steps: result.losses.length,
    losses: result.losses,
    bestStep: result.bestStep,
    msPerStep: result.msPerStep,
    setupMs: result.setupMs,
    // On wasm the process is all there is to measure.
    peakBytes: peak > 0 ? peak : process.resourceUsage().maxRSS * 1024,
    notes: result.notes,
    versions: versions(),
  };
}

async function main(): Promise<void> {
  const options = parse();
  const { content, style = [], out } = options;
  if (!content || style.length === 0 || !out) {
    throw new UsageError('needed: --content FILE --style FILE [--style FILE ...] --out FILE.png');
  }
  if (style.length > 5) throw new UsageError(`${style.length} styles; at most 5`);
  if (options.backend !== 'wasm' && options.backend !== 'webgpu') {
    throw new UsageError(`--backend ${options.backend}: wasm or webgpu`);
  }
  const settings = settingsOf(options);
  const weights = weightsOf(options, style.length);
  for (const path of [out, options.report]) if (path) await checkWritable(path);
  const request = {
    content: await readPicture(content),
    styles: await Promise.all(
      style.map(async (path, i) => ({ pixels: await readPicture(path), weight: weights[i]! })),
    ),
    network: await openNetwork(options['models-dir'], options.model),
    settings,
  };
  const threads = options.threads === undefined ? undefined : numberOf('threads', options.threads);
  const runtime = await openRuntime(options.backend satisfies BackendKind, threads);
  const abort = new AbortController();
  // The first Ctrl-C keeps the best image so far; the second ends at once.
  process.once('SIGINT', () => abort.abort());
  const result = await stylize(runtime, request, {
    signal: abort.signal,
    onProgress: printProgress,
  });
  if (process.stderr.isTTY) process.stderr.write('\n');
  for (const note of result.notes) process.stderr.write(`note: ${note}\n`);
  if (options.report) {
    await writeWhole(
      options.report,
      `${JSON.stringify(report(options, runtime, result), null, 1)}\n`,
    );
  }
  await writeWhole(out, await encodePng(result.image));
  await runtime.dispose();
}

await runCommand(main);
