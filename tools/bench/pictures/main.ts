/** npm run bench:pictures: presets, looks and networks over pairs of pictures, looked at and measured. */
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { LOOK_NAMES } from '../../../shared/looks.ts';
import { PRESET_NAMES, type PresetName } from '../../../shared/settings.ts';
import { fitLongSide, type Planes } from '../../../web/engine/pipeline/pixels.ts';
import { resample } from '../../../web/engine/pipeline/resample.ts';
import { MODELS_DIR, runCommand, UsageError } from '../../cli.ts';
import { openRuntime } from '../../host.ts';
import { openNetwork, openSketch } from '../../library.ts';
import { writeWhole } from '../../output.ts';
import { readPicture } from '../../pictures.ts';
import { beside, sharesOf } from './beside.ts';
import { inBytes, paletteDistance, speckle, structureChange } from './measures.ts';
import { objectsAt, readPairs, type Pair } from './pairs.ts';
import {
  findTorch,
  judge,
  paint,
  painterOf,
  paintByTorch,
  plain,
  styleAt,
  type Painted,
} from './paint.ts';
import { writeSheet, type Line } from './sheet.ts';

const HELP = `npm run bench:pictures -- --out DIR

  --pairs DIR        content_*.jpg and style_*.jpg, every content with two styles; object_*.png or .svg, white where a
                     content has its objects (left out: the page's samples)
  --only A+B,...     these pairs alone, by the names of content and style
  --models-dir DIR   where models are
  --models A,B       networks (lite-vgg); of several, how much of the first one's reduction of the objectives each has
  --judge NAME       the network that judges, if it is among the models (vgg19)
  --objectives A,B   presets whose objective it judges by (crowson,gatys)
  --painters A,B     presets and looks (default,crowson,gram): ${[...PRESET_NAMES, ...LOOK_NAMES].join(', ')};
                     with settings changed, and a name of their own: lively:gram?style-weight=2&init=noise
  --size N           longer side (256)
  --steps N          of every painter; left out: each its own
  --torch FILE       the crowson recipe in PyTorch beside them, on these weights (vgg19.safetensors): for as long as
                     the first painter took, and for
  --torch-steps N    steps (600)

Pictures that are in DIR already are not painted again; what they have not been judged by yet, they are.
`;

const text = { type: 'string' } as const;

function options() {
  return parseArgs({
    options: {
      pairs: text,
      only: text,
      out: text,
      'models-dir': { type: 'string', default: MODELS_DIR },
      models: { type: 'string', default: 'lite-vgg' },
      judge: { type: 'string', default: 'vgg19' },
      objectives: { type: 'string', default: 'crowson,gatys' },
      painters: { type: 'string', default: 'default,crowson,gram' },
      size: { type: 'string', default: '256' },
      steps: text,
      torch: text,
      'torch-steps': { type: 'string', default: '600' },
      help: { type: 'boolean' },
    },
  }).values;
}

const list = (value: string) => value.split(',').map((part) => part.trim());

function whole(option: string, value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new UsageError(`--${option} ${value}: not a whole number`);
  return number;
}

/** The presets of these names. */
function presets(names: string): PresetName[] {
  return list(names).map((name) => {
    const preset = PRESET_NAMES.find((known) => known === name);
    if (!preset) throw new UsageError(`--objectives ${name}: none of ${PRESET_NAMES.join(', ')}`);
    return preset;
  });
}

const SKETCH = 'lite-sketch';
const PHOTO = 'the photo';
const TORCH = 'PyTorch crowson';

await runCommand(async () => {
  const given = options();
  const { out } = given;
  if (given.help) {
    process.stdout.write(HELP);
    return;
  }
  if (!out) throw new UsageError('needed: --out DIR; --help lists the rest');
  const size = whole('size', given.size);
  const steps = given.steps === undefined ? undefined : whole('steps', given.steps);
  const models = list(given.models);
  const painters = list(given.painters).map((painter) => painterOf(painter, size, steps));
  const objectives = presets(given.objectives);
  const torch = given.torch ? await findTorch() : null;
  if (given.torch && !torch) throw new UsageError('no python3 with torch (PYTHON names one)');
  await mkdir(out, { recursive: true });

  const runtime = await openRuntime('wasm');
  const networks = await Promise.all(
    models.map(async (model) => [model, await openNetwork(given['models-dir'], model)] as const),
  );
  const sketch = await openSketch(given['models-dir'], SKETCH).catch(() => null);
  const eye = await openNetwork(given['models-dir'], given.judge).catch(() => null);
  const lines: Line[] = [];
  const objectiveOf = (preset: PresetName) => `${preset} objective by ${given.judge}`;
  const captionOf = (painter: string, model: string) =>
    models.length > 1 ? `${painter} ${model}` : painter;

  const keep = async (
    pair: Pair,
    painter: string,
    make: () => Promise<Painted>,
  ): Promise<Line['figures']> => {
    const file = `${pair.name}.${painter.replaceAll(/[^\w.-]+/g, '-')}.png`;
    const record = join(out, `${file}.json`);
    if (!existsSync(record)) {
      const { image: painted, seconds, steps: taken } = await make();
      const image = inBytes(painted);
      const style = styleAt(pair.style, size);
      const { luminance, colour } = speckle(image, style);
      const figures = {
        speckle: luminance,
        'colour speckle': colour,
        palette: paletteDistance(image, style),
        ...(await structure(pair, image)),
        seconds,
        steps: taken,
      };
      await writeWhole(join(out, file), await encodePng(image));
      await writeWhole(record, JSON.stringify(figures));
    }
    const figures = JSON.parse(await readFile(record, 'utf8')) as Record<string, number>;
    // A picture that was there already may have been judged by another network, or by other objectives.
    const unjudged = eye ? objectives.filter((preset) => !(objectiveOf(preset) in figures)) : [];
    if (eye && unjudged.length > 0) {
      const image = plain(await readPicture(join(out, file)));
      for (const preset of unjudged)
        figures[objectiveOf(preset)] = await judge(runtime, eye, pair, image, preset);
      await writeWhole(record, JSON.stringify(figures));
    }
    lines.push({ pair: pair.name, painter, file, figures });
    const numbers = Object.entries(figures).map(
      ([name, value]) => `${name} ${value.toPrecision(4)}`,
    );
    process.stdout.write(`${pair.name}  ${painter}  ${numbers.join('  ')}\n`);
    await writeSheet(out, lines);
    return figures;
  };

  for await (const pair of readPairs(given.pairs, given.only)) {
    // What every painter begins with, and so where its objective comes from.
    await keep(pair, PHOTO, () => Promise.resolve(unpainted(pair, size)));
    const ours: Line['figures'][] = [];
    for (const [model, network] of networks) {
      for (const { name, settings } of painters) {
        const caption = captionOf(name, model);
        const make = () => paint(runtime, network, sketch, pair, settings);
        ours.push(await keep(pair, caption, make));
      }
    }
    if (!torch || !given.torch) continue;
    const [weights, count] = [given.torch, whole('torch-steps', given['torch-steps'])];
    const byTorch = (steps: number) => paintByTorch(torch, weights, pair, size, steps, out);
    const { seconds } = await keep(pair, TORCH, () => byTorch(count));
    const asLong = Math.max(1, Math.round((count * ours[0]!['seconds']!) / seconds!));
    await keep(pair, `${TORCH}, as long as ours`, () => byTorch(asLong));
  }
  const compared = beside(lines, TORCH);
  if (compared.length > 0)
    process.stdout.write(
      `\nNo larger than of ${TORCH} on so many pairs, and the median ratio:\n${compared.join('\n')}\n`,
    );
  for (const { name } of painters)
    for (const model of models.slice(1)) {
      const [own, first] = [captionOf(name, model), captionOf(name, models[0]!)];
      const shares = sharesOf(lines, own, first, PHOTO, objectives.map(objectiveOf));
      if (shares.length > 0)
        process.stdout.write(`\n${own}, of the reduction by ${first}:\n${shares.join('\n')}\n`);
    }
  await runtime.dispose();
});

function unpainted({ content }: Pair, size: number): Painted {
  const { width, height } = fitLongSide(content.width, content.height, size);
  return { image: resample(plain(content), width, height), seconds: 0, steps: 0 };
}

/** Change of structure inside the photo's objects, outside, and their ratio; nothing where they are not known. */
async function structure(
  { content, objects }: Pair,
  image: Planes,
): Promise<Record<string, number>> {
  if (!objects) return {};
  const photo = resample(plain(content), image.width, image.height);
  const { inside, outside } = structureChange(photo, image, await objectsAt(objects, image));
  return {
    'change inside': inside,
    'change outside': outside,
    ...(outside > 0 && { 'inside to outside': inside / outside }),
  };
}

function encodePng({ width, height, data }: Planes): Promise<Buffer> {
  const area = width * height;
  const bytes = Uint8ClampedArray.from({ length: 3 * area }, (_, i) => {
    return 255 * data[(i % 3) * area + Math.floor(i / 3)]!;
  });
  return sharp(bytes, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
