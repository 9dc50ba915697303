/** npm run -s upscale -- --in a.png --model lite-sr --out b.png: super-resolution on files. */
import { parseArgs } from 'node:util';
import { upscale, type UpscaleResult } from '../web/engine/pipeline/upscale.ts';
import type { Runtime } from '../web/engine/runtime/runtime.ts';
import { MODELS_DIR, runCommand, UsageError } from './cli.ts';
import { checkPictureWritable, checkWritable, writeWhole } from './output.ts';
import { openRuntime, versions } from './host.ts';
import { openUpscaler } from './library.ts';
import { encodePicture, readPicture } from './pictures.ts';
import { stopSignal } from './stop.ts';

const OPTIONS = {
  in: { type: 'string' },
  out: { type: 'string' },
  model: { type: 'string', default: 'lite-sr' },
  'models-dir': { type: 'string', default: MODELS_DIR },
  backend: { type: 'string', default: 'wasm' },
  threads: { type: 'string' },
  plain: { type: 'boolean' },
  /** Longest side of a tile, in pixels of the input. */
  tile: { type: 'string' },
  report: { type: 'string' },
} as const;

type Options = ReturnType<typeof parse>;

function parse() {
  return parseArgs({ options: OPTIONS }).values;
}

function countOf(option: 'threads' | 'tile', value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1)
    throw new UsageError(`--${option} ${value}: not a positive whole number`);
  return count;
}

function printProgress({ done, total }: { done: number; total: number }): void {
  // A terminal gets one line that moves; a log gets none.
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[Ktile ${done}/${total}`);
}

function report(options: Options, runtime: Runtime, result: UpscaleResult) {
  const peak = runtime.counters.peakBytes;
  const { image, scale, tiles, tile, ms } = result;
  return {
    backend: runtime.backend,
    device: runtime.description,
    model: options.model,
    width: image.width,
    height: image.height,
    scale,
    tiles,
    tile,
    ms,
    // On wasm the process is all there is to measure.
    peakBytes: peak > 0 ? peak : process.resourceUsage().maxRSS * 1024,
    versions: versions(),
  };
}

async function main(): Promise<void> {
  const options = parse();
  const { in: input, out, backend } = options;
  if (!input || !out) throw new UsageError('needed: --in FILE --out FILE.png');
  if (backend !== 'wasm' && backend !== 'webgpu')
    throw new UsageError(`--backend ${backend}: wasm or webgpu`);
  const tile = countOf('tile', options.tile);
  const threads = countOf('threads', options.threads);
  const format = await checkPictureWritable(out);
  if (options.report) await checkWritable(options.report);
  const image = await readPicture(input);
  const model = await openUpscaler(options['models-dir'], options.model);
  const runtime = await openRuntime(backend, threads, options.plain);
  const result = await upscale(
    runtime,
    { image, model },
    { signal: stopSignal(), onProgress: printProgress, ...(tile !== undefined && { tile }) },
  );
  if (process.stderr.isTTY) process.stderr.write('\n');
  await writeWhole(out, await encodePicture(result.image, format, null));
  if (options.report) {
    await writeWhole(
      options.report,
      `${JSON.stringify(report(options, runtime, result), null, 1)}\n`,
    );
  }
  await runtime.dispose();
}

await runCommand(main);
