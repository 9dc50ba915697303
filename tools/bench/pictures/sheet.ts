/** The contact sheet: a page with every picture at full size on click, and the same as one picture. */
import { join } from 'node:path';
import sharp from 'sharp';
import { writeWhole } from '../../output.ts';

/** A line of the table. */
export interface Line {
  readonly pair: string;
  readonly painter: string;
  /** Of the picture, beside the sheet. */
  readonly file: string;
  readonly figures: Readonly<Record<string, number>>;
}

const THUMB = 192;
const CAPTION = 18;

const escaped = (text: string) => text.replaceAll(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0)};`);

const written = (value: number | undefined) =>
  value === undefined ? '' : String(Number(value.toPrecision(4)));

/** Writes index.html and sheet.png into the folder where the pictures are. */
export async function writeSheet(folder: string, lines: readonly Line[]): Promise<void> {
  const pairs = [...new Set(lines.map(({ pair }) => pair))];
  const painters = [...new Set(lines.map(({ painter }) => painter))];
  const at = (pair: string, painter: string) =>
    lines.find((line) => line.pair === pair && line.painter === painter);
  await writeWhole(join(folder, 'index.html'), page(pairs, painters, at));
  const tiles = pairs.flatMap((pair, row) =>
    painters.map(async (painter, column) => {
      const line = at(pair, painter);
      const picture = line
        ? sharp(join(folder, line.file)).resize(THUMB, THUMB, {
            fit: 'contain',
            background: '#fff',
          })
        : sharp({ create: { width: THUMB, height: THUMB, channels: 3, background: '#fff' } });
      const input = await picture.png().toBuffer();
      return { input, left: column * THUMB, top: CAPTION + row * THUMB };
    }),
  );
  const [width, height] = [painters.length * THUMB, CAPTION + pairs.length * THUMB];
  const names = painters.map(
    (name, i) => `<text x="${i * THUMB + 4}" y="13" font-size="12">${escaped(name)}</text>`,
  );
  const captions = `<svg width="${width}" height="${CAPTION}" font-family="sans-serif">${names.join('')}</svg>`;
  const sheet = await sharp({ create: { width, height, channels: 3, background: '#fff' } })
    .composite([{ input: Buffer.from(captions), left: 0, top: 0 }, ...(await Promise.all(tiles))])
    .png()
    .toBuffer();
  await writeWhole(join(folder, 'sheet.png'), sheet);
}

function page(
  pairs: readonly string[],
  painters: readonly string[],
  at: (pair: string, painter: string) => Line | undefined,
): string {
  const figure = ({ file, painter, figures }: Line) => {
    const numbers = Object.entries(figures).map(
      ([name, value]) => `${escaped(name)} ${written(value)}`,
    );
    return `<figure><a href="${escaped(file)}"><img src="${escaped(file)}" alt=""></a>
<figcaption><b>${escaped(painter)}</b><br>${numbers.join('<br>')}</figcaption></figure>`;
  };
  const rows = pairs.map((pair) => {
    const figures = painters
      .map((painter) => at(pair, painter))
      .filter((line) => line !== undefined);
    return `<h2>${escaped(pair)}</h2>\n<section>${figures.map(figure).join('\n')}</section>`;
  });
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Pastiches side by side</title>
<style>
body { font: 14px/1.4 system-ui, sans-serif; margin: 1rem }
section { display: flex; flex-wrap: wrap; gap: 1rem }
figure { margin: 0 } img { height: ${THUMB}px }
</style>
<h1>Pastiches side by side</h1>
${rows.join('\n')}
</html>
`;
}
