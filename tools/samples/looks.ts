// Paints the small picture beside each look, with that look: npm run looks
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { LOOK_NAMES, LOOKS } from '../../shared/looks.ts';
import { makeSettings } from '../../shared/settings.ts';
import { stylize } from '../../web/engine/pipeline/stylize.ts';
import { MODELS_DIR, runCommand, writeWhole } from '../cli.ts';
import { openRuntime } from '../host.ts';
import { openNetwork } from '../library.ts';
import { encodePng, readPicture } from '../pictures.ts';

const FOLDER = fileURLToPath(new URL('../../public/', import.meta.url));
const CONTENT = 'samples/still-life.jpg';
const STYLE = 'samples/waves.jpg';
/** Painted larger than it is shown, so that brush strokes are as fine as in a painting of ordinary size. */
const PAINTED = 192;
const SHOWN = 96;

await runCommand(async () => {
  const network = await openNetwork(MODELS_DIR, 'lite-vgg');
  const content = await readPicture(path.join(FOLDER, CONTENT));
  const style = await readPicture(path.join(FOLDER, STYLE));
  const runtime = await openRuntime('wasm');
  const out = path.join(FOLDER, 'looks');
  await mkdir(out, { recursive: true });
  for (const look of LOOK_NAMES) {
    const settings = makeSettings('default', { ...LOOKS[look], size: PAINTED });
    const styles = [{ pixels: style, weight: 1 }];
    const { image } = await stylize(runtime, { network, content, styles, settings });
    const jpeg = await sharp(await encodePng(image))
      .flatten()
      .resize(SHOWN, SHOWN)
      .jpeg({ quality: 82, mozjpeg: true })
      .toBuffer();
    await writeWhole(path.join(out, `${look}.jpg`), jpeg);
    process.stdout.write(`looks/${look}.jpg: ${jpeg.byteLength} bytes\n`);
  }
  await runtime.dispose();
});
