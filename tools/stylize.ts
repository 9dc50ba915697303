/** npm run -s stylize -- --content C.jpg --style S.jpg --out out.png: the engine on files. */
import { join, parse as parsePath } from 'node:path';
import { LIMITS } from '../shared/settings.ts';
import type { FeatureNetwork } from '../web/engine/networks/network.ts';
import { stylize, type Progress, type StylizeResult } from '../web/engine/pipeline/stylize.ts';
import type { Runtime } from '../web/engine/runtime/runtime.ts';
import { planBatch, runBatch } from './batch.ts';
import { checkWritable, runCommand, UsageError, writeWhole } from './cli.ts';
import { openRuntime, versions } from './host.ts';
import { openNetwork, openSketch } from './library.ts';
import { help, numberOf, parseOptions, type Options } from './options.ts';
import { beside, encodePng, readPicture } from './pictures.ts';

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
  const { max } = LIMITS.styles;
  if (style.length > max) throw new UsageError(`${style.length} styles; at most ${max}`);
  if (backend !== 'wasm' && backend !== 'webgpu') {
    throw new UsageError(`--backend ${backend}: wasm or webgpu`);
  }
  const models = options.model.split(',').map((name) => name.trim());
  if (new Set(models).size < models.length)
    throw new UsageError(`--model ${options.model}: a model twice`);
  const weights = weightsOf(options, style.length);
  return { content, style, weights, out, backend, models, settings: options.settings } as const;
}

async function main(): Promise<void> {
  const options = parseOptions();
  if (options.help) {
    process.stdout.write(help());
    return;
  }
  const { content, style, weights, out, backend, models, settings } = inputs(options);
  const batch = await planBatch(content, out);
  if (batch.folder && options.report) throw new UsageError('--report is for one picture');
  if (options.report) await checkWritable(options.report);
  const styles = await Promise.all(
    style.map(async (path, i) => ({ pixels: await readPicture(path), weight: weights[i]! })),
  );
  const networks: { readonly model: string; readonly network: FeatureNetwork }[] = [];
  for (const model of models) {
    networks.push({ model, network: await openNetwork(options['models-dir'], model) });
  }
  const sketch =
    settings.init === 'sketch' ? await openSketch(options['models-dir'], 'lite-sketch') : null;
  const threads = options.threads === undefined ? undefined : numberOf('threads', options.threads);
  const runtime = await openRuntime(backend, threads, options.plain);
  const abort = new AbortController();
  // The first Ctrl-C keeps the best image so far; the second ends at once.
  process.once('SIGINT', () => abort.abort());
  const { signal } = abort;
  await runBatch(batch, signal, async (errand) => {
    const picture = await readPicture(errand.input);
    const pastiches: Pastiche[] = [];
    for (const { model, network } of networks) {
      if (signal.aborted && pastiches.length > 0) break;
      const request = { content: picture, styles, network, settings, ...(sketch && { sketch }) };
      const result = await stylize(runtime, request, { signal, onProgress: printProgress });
      if (process.stderr.isTTY) process.stderr.write('\n');
      for (const note of result.notes) process.stderr.write(`note: ${note}\n`);
      pastiches.push({ model, result });
    }
    if (options.report) {
      const text = JSON.stringify(report(options, runtime, pastiches), null, 1);
      await writeWhole(options.report, `${text}\n`);
    }
    // Of a folder, half a picture would be taken for a whole one the next time.
    if (!batch.folder || !signal.aborted) await write(errand.out, pastiches);
  });
  await runtime.dispose();
}

await runCommand(main);
