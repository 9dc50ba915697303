/** npm run -s sketch -- --content C.jpg --style S.jpg --out out.png: the feed-forward network on files. */
import { parseArgs } from 'node:util';
import { LIMITS, readSetting, TABLE } from '../shared/settings.ts';
import { sketch } from '../web/engine/pipeline/sketch.ts';
import { planBatch, runBatch } from './batch.ts';
import { MODELS_DIR, runCommand, UsageError } from './cli.ts';
import { openRuntime } from './host.ts';
import { openSketch } from './library.ts';
import { maskOf } from './mask.ts';
import { checkPictureWritable, writeWhole } from './output.ts';
import { encodePicture, readPicture } from './pictures.ts';
import { stopSignal } from './stop.ts';

const OPTIONS = {
  content: { type: 'string' },
  style: { type: 'string', multiple: true },
  blend: { type: 'string' },
  strength: { type: 'string', default: '1' },
  colours: { type: 'string', default: 'style' },
  mask: { type: 'string' },
  size: { type: 'string', default: '512' },
  model: { type: 'string', default: 'lite-sketch' },
  'models-dir': { type: 'string', default: MODELS_DIR },
  backend: { type: 'string', default: 'wasm' },
  threads: { type: 'string' },
  out: { type: 'string' },
  help: { type: 'boolean' },
} as const;

const HELP = `npm run -s sketch -- --content FILE|DIR --style FILE [--style FILE ...] --out FILE.png|DIR

A photo in the manner of other pictures at once, by one pass of a small network. With a folder, every picture of it; what
is there already is left as it is.

  --blend A,B,...       weights of the styles; by default equal
  --strength X          0 to 1: how far the photo goes to the styles [1]
  --colours style|palette|photo|luminance
                        whose colours the sketch has [style]
  --mask FILE           which style goes where, in flat colours: as of stylize
  --size N              long side in pixels [512]
  --model NAME          from the models' folder, or FILE.onnx [lite-sketch]
  --models-dir DIR      where models are
  --backend wasm|webgpu --threads N
`;

type Options = ReturnType<typeof parse>;

function parse() {
  return parseArgs({ options: OPTIONS }).values;
}

function numberIn(option: string, text: string, low: number, high: number): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (value >= low && value <= high) return value;
  throw new UsageError(`--${option} ${text}: expected a number from ${low} to ${high}`);
}

function weightsOf({ blend, style = [] }: Options): number[] {
  const weights = blend?.split(',').map((part) => numberIn('blend', part, 1e-6, 1e6));
  if (weights && weights.length !== style.length)
    throw new UsageError(`--blend has ${weights.length} weights for ${style.length} styles`);
  return weights ?? style.map(() => 1);
}

async function main(): Promise<void> {
  const options = parse();
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  const { content, style: paths = [], out, backend: place } = options;
  if (!content || paths.length === 0 || !out)
    throw new UsageError('needed: --content FILE|DIR --style FILE --out FILE.png|DIR; see --help');
  const { max } = LIMITS.styles;
  if (paths.length > max) throw new UsageError(`${paths.length} styles; at most ${max}`);
  const backend: string = place;
  if (backend !== 'wasm' && backend !== 'webgpu')
    throw new UsageError(`--backend ${backend}: wasm or webgpu`);
  const weights = weightsOf(options);
  const strength = numberIn('strength', options.strength, 0, 1);
  const colours = readSetting('colours', options.colours);
  if (!colours)
    throw new UsageError(`--colours ${options.colours}: expected ${TABLE.colours.expects}`);
  const size = Math.round(numberIn('size', options.size, LIMITS.size.min, LIMITS.size.max));
  const { threads } = options;
  const count = threads === undefined ? undefined : Math.round(numberIn('threads', threads, 1, 64));
  const batch = await planBatch(content, out);
  const styles = await Promise.all(
    paths.map(async (path, i) => ({ pixels: await readPicture(path), weight: weights[i]! })),
  );
  const mask = options.mask
    ? maskOf(await readPicture(options.mask), styles.length, options.mask)
    : null;
  const models = await openSketch(options['models-dir'], options.model);
  const runtime = await openRuntime(backend, count);
  const signal = stopSignal();
  await runBatch(batch, signal, async (errand) => {
    const picture = await readPicture(errand.input);
    const request = {
      ...{ content: picture, styles, models, size, strength, colours },
      ...(mask && { mask }),
    };
    const image = await sketch(runtime, request, signal);
    const format = await checkPictureWritable(errand.out);
    await writeWhole(errand.out, await encodePicture(image, format, null));
  });
  await runtime.dispose();
}

await runCommand(main);
