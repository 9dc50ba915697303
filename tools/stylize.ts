/** npm run -s stylize -- --content C.jpg --style S.jpg --out out.png: the engine on files. */
import { LIMITS } from '../shared/settings.ts';
import type { FeatureNetwork } from '../web/engine/networks/network.ts';
import { stylize, type Progress } from '../web/engine/pipeline/stylize.ts';
import type { Runtime } from '../web/engine/runtime/runtime.ts';
import { planBatch, runBatch } from './batch.ts';
import { MODELS_DIR, runCommand, UsageError } from './cli.ts';
import { openRuntime, versions } from './host.ts';
import { openNetwork, openSketch } from './library.ts';
import { maskOf } from './mask.ts';
import { help, numberOf, parseOptions, type Options } from './options.ts';
import { checkWritable, writeWhole } from './output.ts';
import { readPicture } from './pictures.ts';
import { planOutputs, writePastiches, type Pastiche } from './results.ts';
import { stopSignal } from './stop.ts';

function weightsOf(options: Options, count: number): number[] {
  if (options.blend === undefined) return Array<number>(count).fill(1);
  const weights = options.blend.split(',').map((part) => numberOf('blend', part));
  if (weights.length !== count)
    throw new UsageError(`--blend has ${weights.length} weights for ${count} styles`);
  return weights;
}

function printProgress(
  { phase, step, steps, losses, msPerStep, width, height }: Progress,
  lines: boolean,
): void {
  const last = losses.at(-1);
  const line = last
    ? `${step}/${steps}  loss ${last.total.toPrecision(4)}  ${msPerStep.toFixed(0)} ms/step  ${width}x${height}`
    : phase;
  // A terminal gets one line that moves; a log gets none, or all of them.
  if (lines) process.stderr.write(`${line}\n`);
  else if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
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
  for (const errand of batch.errands) await planOutputs(errand.out, models);
  if (options.report) await checkWritable(options.report);
  const styles = await Promise.all(
    style.map(async (path, i) => ({ pixels: await readPicture(path), weight: weights[i]! })),
  );
  const mask = options.mask
    ? maskOf(await readPicture(options.mask), style.length, options.mask)
    : null;
  const networks: { readonly model: string; readonly network: FeatureNetwork }[] = [];
  for (const model of models) {
    networks.push({ model, network: await openNetwork(options['models-dir'], model) });
  }
  // A folder of full networks need not have the one that comes with the program.
  const sketch = settings.init === 'sketch' ? await openSketch(MODELS_DIR, 'lite-sketch') : null;
  const threads = options.threads === undefined ? undefined : numberOf('threads', options.threads);
  const budget =
    options.memory === undefined
      ? {}
      : { memoryBudget: numberOf('memory', options.memory) * 2 ** 20 };
  const runtime = await openRuntime(backend, threads, options.plain);
  // The first Ctrl-C keeps the best image so far; the second ends at once.
  const signal = stopSignal();
  await runBatch(batch, signal, async (errand) => {
    const picture = await readPicture(errand.input);
    const pastiches: Pastiche[] = [];
    for (const { model, network } of networks) {
      if (signal.aborted && pastiches.length > 0) break;
      const request = {
        ...{ content: picture, styles, network, settings },
        ...(mask && { mask }),
        ...(sketch && { sketch }),
      };
      const onProgress = (progress: Progress) => printProgress(progress, options.progress ?? false);
      const result = await stylize(runtime, request, { signal, onProgress, ...budget });
      if (process.stderr.isTTY && !options.progress) process.stderr.write('\n');
      for (const note of result.notes) process.stderr.write(`note: ${note}\n`);
      pastiches.push({ model, result });
    }
    if (options.report) {
      const text = JSON.stringify(report(options, runtime, pastiches), null, 1);
      await writeWhole(options.report, `${text}\n`);
    }
    // Of a folder, half a picture would be taken for a whole one the next time.
    if (batch.folder && signal.aborted) return;
    const making = { content: errand.input, style, weights, settings, mask };
    await writePastiches(await planOutputs(errand.out, models), pastiches, making);
  });
  await runtime.dispose();
}

await runCommand(main);
