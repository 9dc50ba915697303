/**
 * npm run bench:sketch -- --pairs DIR [--size 256] [--count N]: what the sketch is worth beside the optimiser.
 * For each pair: the style loss of the photo, of the sketch and of the run's result; the default objective of what `steps`
 * from the photo make and of what half of them make from the sketch, judged at the full size as saved, in 8 bits. One
 * line of JSON a pair, medians last.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeSettings, type StyleSettings } from '../../shared/settings.ts';
import type { Pixels } from '../../web/engine/pipeline/pixels.ts';
import { stylize } from '../../web/engine/pipeline/stylize.ts';
import { MODELS_DIR, runCommand, UsageError } from '../cli.ts';
import { openRuntime } from '../host.ts';
import { openNetwork, openSketch } from '../library.ts';
import { readPicture } from '../pictures.ts';
import { medianOf } from './measure.ts';

const text = { type: 'string' } as const;
const OPTIONS = {
  pairs: text,
  size: { ...text, default: '256' },
  steps: { ...text, default: '200' },
  first: { ...text, default: '0' },
  count: { ...text, default: '14' },
  model: { ...text, default: 'lite-vgg' },
  preset: { ...text, default: 'default' },
  'models-dir': { ...text, default: MODELS_DIR },
} as const;

/** Every content with two styles, as far apart in the list as can be: `content_*` and `style_*` of the folder. */
async function pairsOf(folder: string): Promise<[string, string][]> {
  const names = (await readdir(folder)).sort();
  const of = (kind: string) => names.filter((name) => name.startsWith(`${kind}_`));
  const [contents, styles] = [of('content'), of('style')];
  if (contents.length === 0 || styles.length === 0)
    throw new UsageError(`${folder}: no content_* and style_* in it`);
  const half = Math.floor(styles.length / 2);
  return [0, half].flatMap((shift) =>
    contents.map((content, i): [string, string] => [content, styles[(i + shift) % styles.length]!]),
  );
}

await runCommand(async () => {
  const { values } = parseArgs({ options: OPTIONS });
  if (!values.pairs) throw new UsageError('needed: --pairs DIR');
  const folder = values.pairs;
  const [size, steps] = [Number(values.size), Number(values.steps)];
  const preset = values.preset as Parameters<typeof makeSettings>[0];
  const network = await openNetwork(values['models-dir'], values.model);
  const sketch = await openSketch(values['models-dir'], 'lite-sketch');
  const runtime = await openRuntime('wasm');
  const rows: { share: number; ratio: number }[] = [];
  const first = Number(values.first);
  const pairs = (await pairsOf(folder)).slice(first, first + Number(values.count));
  for (const [content, style] of pairs) {
    const pictures = {
      content: await readPicture(join(folder, content)),
      styles: [{ pixels: await readPicture(join(folder, style)), weight: 1 }],
    };
    const run = async (changes: Partial<StyleSettings>, start?: Pixels) => {
      const settings = makeSettings(preset, { size, ...changes });
      return stylize(runtime, { ...pictures, network, sketch, settings, ...(start && { start }) });
    };
    // The first loss of a run is that of the picture it begins with.
    const begun = async (init: 'content' | 'sketch', start?: Pixels) =>
      (await run({ init, steps: 1, scales: 1 }, start)).losses[0]!;
    const [photo, drawn] = [await begun('content'), await begun('sketch')];
    const whole = await run({ init: 'content', steps });
    const sooner = await run({ init: 'sketch', steps: steps / 2 });
    const [after, soon] = [
      await begun('content', whole.image),
      await begun('content', sooner.image),
    ];
    const row = {
      share: (photo.style - drawn.style) / (photo.style - after.style),
      ratio: soon.total / after.total,
    };
    rows.push(row);
    const figures = { photo: photo.style, sketch: drawn.style, after: after.style };
    const ends = { fromPhoto: after.total, fromSketch: soon.total };
    process.stdout.write(`${JSON.stringify({ content, style, ...row, ...figures, ...ends })}\n`);
  }
  const medians = {
    share: medianOf(rows.map(({ share }) => share)),
    ratio: medianOf(rows.map(({ ratio }) => ratio)),
  };
  process.stdout.write(`${JSON.stringify({ pairs: rows.length, size, steps, ...medians })}\n`);
  await runtime.dispose();
});
