/** Draws the icons of the installed page from its mark, public/favicon.svg. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

const INK = '#2733b3';
const PAPER = '#faf8f3';
const FOLDER = 'public';

interface Icon {
  readonly file: string;
  readonly size: number;
  /** Of the tile's side that the mark is wide. */
  readonly share: number;
  /** Radius of the tile's corners, likewise; systems that mask icons cut them themselves. */
  readonly corner: number;
}

const ICONS: readonly Icon[] = [
  { file: 'icons/icon-192.png', size: 192, share: 0.66, corner: 0.2 },
  { file: 'icons/icon-512.png', size: 512, share: 0.66, corner: 0.2 },
  // Whatever the mask, a circle of 80 % of the side stays.
  { file: 'icons/maskable-512.png', size: 512, share: 0.5, corner: 0 },
  { file: 'apple-touch-icon.png', size: 180, share: 0.6, corner: 0 },
];

const drawing = (await readFile(join(FOLDER, 'favicon.svg'), 'utf8')).replace(
  /stroke="#\w+"/,
  `stroke="${INK}"`,
);
// Cut to the ink, so that it stands in the middle.
const mark = await sharp(Buffer.from(drawing), { density: 4000 }).trim().png().toBuffer();

await mkdir(join(FOLDER, 'icons'), { recursive: true });
for (const { file, size, share, corner } of ICONS) {
  const tile = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}">
    <rect width="${size}" height="${size}" rx="${size * corner}" fill="${PAPER}"/>
  </svg>`;
  const ink = await sharp(mark)
    .resize({ width: Math.round(size * share) })
    .toBuffer();
  const icon = sharp(Buffer.from(tile)).composite([{ input: ink, gravity: 'centre' }]);
  const png = await icon.png({ palette: true, effort: 10 }).toBuffer();
  await writeFile(join(FOLDER, file), png);
  console.log(`${file}: ${size} × ${size}, ${png.length} bytes`);
}
