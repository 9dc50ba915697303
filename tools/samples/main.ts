// Paints the sample contents and styles the page offers, and writes their list.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { saveJpeg, saveThumb } from './lib/raster.ts';
import { TITLES } from './titles.ts';
import type { Picture } from './picture.ts';
import { flower } from './contents/flower.ts';
import { lake } from './contents/lake.ts';
import { swirls } from './styles/swirls.ts';
import { glass } from './styles/glass.ts';
import { waves } from './styles/waves.ts';
import { points } from './styles/points.ts';
import { ink } from './styles/ink.ts';
import { shards } from './styles/shards.ts';
import { town } from './contents/town.ts';
import { stillLife } from './contents/stillLife.ts';

const PICTURES: readonly Picture[] = [
  lake,
  town,
  stillLife,
  flower,
  swirls,
  glass,
  waves,
  points,
  ink,
  shards,
];
const LIMITS = { content: 150_000, style: 160_000 };
/** Pixels of a tile in the strips, for screens of two pixels to the point. */
const THUMB_SIDE = 160;

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'public/samples' },
    only: { type: 'string' },
    size: { type: 'string' },
  },
});

function sized({ width, height }: Picture) {
  const ratio = values.size ? Number(values.size) / Math.max(width, height) : 1;
  return { width: Math.round(width * ratio), height: Math.round(height * ratio) };
}

function listed(picture: Picture) {
  const { id, kind } = picture;
  const files = { file: `${id}.jpg`, thumb: `${id}.small.jpg` };
  return { id, kind, ...files, ...sized(picture), title: TITLES[id]! };
}

async function produce(picture: Picture): Promise<void> {
  const started = performance.now();
  const raster = await picture.paint(sized(picture));
  const file = path.join(values.out, `${picture.id}.jpg`);
  const bytes = await saveJpeg(raster, file, LIMITS[picture.kind]);
  await saveThumb(file, path.join(values.out, `${picture.id}.small.jpg`), THUMB_SIDE);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${file}  ${raster.width}x${raster.height}  ${(bytes / 1024).toFixed(0)} KiB  ${seconds} s`,
  );
}

const wanted = PICTURES.filter(({ id }) => !values.only || id === values.only);
if (wanted.length === 0) {
  console.error(
    `no picture named ${values.only}; there are: ${PICTURES.map((p) => p.id).join(', ')}`,
  );
  process.exit(1);
}
await mkdir(values.out, { recursive: true });
for (const picture of wanted) await produce(picture);
if (!values.only) {
  const list = `${JSON.stringify(PICTURES.map(listed), null, 2)}\n`;
  await writeFile(path.join(values.out, 'samples.json'), list);
}
