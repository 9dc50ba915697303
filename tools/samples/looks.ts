// Paints the small picture beside each look and each choice of colours, with that choice: npm run looks [-- NAME ...]
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { LOOK_NAMES, LOOKS } from '../../shared/looks.ts';
import { makeSettings } from '../../shared/settings.ts';
import { stylize } from '../../web/engine/pipeline/stylize.ts';
import { MODELS_DIR, runCommand } from '../cli.ts';
import { writeWhole } from '../output.ts';
import { openRuntime } from '../host.ts';
import { openNetwork, openSketch } from '../library.ts';
import { encodePicture, readPicture } from '../pictures.ts';

const FOLDER = fileURLToPath(new URL('../../public/', import.meta.url));
const CONTENT = 'samples/still-life.jpg';
const STYLE = 'samples/waves.jpg';
const COLOURS = ['style', 'palette', 'photo', 'luminance'] as const;
/** Painted larger than it is shown, so that brush strokes are as fine as in a painting of ordinary size. */
const PAINTED = 192;
const SHOWN = 96;

await runCommand(async () => {
  const network = await openNetwork(MODELS_DIR, 'lite-vgg');
  const sketch = await openSketch(MODELS_DIR, 'lite-sketch');
  const content = await readPicture(path.join(FOLDER, CONTENT));
  const style = await readPicture(path.join(FOLDER, STYLE));
  const runtime = await openRuntime('wasm');
  const out = path.join(FOLDER, 'looks');
  await mkdir(out, { recursive: true });
  const choices = [
    ...LOOK_NAMES.map((look) => [look, LOOKS[look]] as const),
    ...COLOURS.map((colours) => [`colours-${colours}`, { ...LOOKS.balanced, colours }] as const),
  ];
  const asked = process.argv.slice(2);
  for (const [name, changes] of choices) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const settings = makeSettings('default', { ...changes, size: PAINTED });
    const styles = [{ pixels: style, weight: 1 }];
    const { image } = await stylize(runtime, { network, sketch, content, styles, settings });
    const jpeg = await sharp(await encodePicture(image, 'png', null))
      .flatten()
      .resize(SHOWN, SHOWN)
      .jpeg({ quality: 82, mozjpeg: true })
      .toBuffer();
    await writeWhole(path.join(out, `${name}.jpg`), jpeg);
    process.stdout.write(`looks/${name}.jpg: ${jpeg.byteLength} bytes\n`);
  }
  await runtime.dispose();
});
