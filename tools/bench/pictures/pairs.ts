/** Which photos are painted after which pictures, and where the photos' objects are. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import type { Pixels, Planes } from '../../../web/engine/pipeline/pixels.ts';
import { UsageError } from '../../cli.ts';
import { readPicture } from '../../pictures.ts';

const SAMPLES = fileURLToPath(new URL('../../../public/samples', import.meta.url));
const OBJECTS = fileURLToPath(new URL('objects', import.meta.url));

export interface Pair {
  readonly name: string;
  readonly content: Pixels;
  readonly style: Pixels;
  /** A picture that is white where the photo has its objects, or null. */
  readonly objects: string | null;
}

type Files = ReadonlyMap<string, string>;

/** Photos and styles by name, and the folder of what is known of the photos' objects. */
interface Collection {
  readonly contents: Files;
  readonly styles: Files;
  readonly objects: string;
}

/** The page's own samples. */
async function samples(): Promise<Collection> {
  const list = JSON.parse(await readFile(join(SAMPLES, 'samples.json'), 'utf8')) as {
    readonly id: string;
    readonly kind: string;
    readonly file: string;
  }[];
  const named = (wanted: string) =>
    new Map(
      list.filter(({ kind }) => kind === wanted).map(({ id, file }) => [id, join(SAMPLES, file)]),
    );
  return { contents: named('content'), styles: named('style'), objects: OBJECTS };
}

async function folderOf(folder: string): Promise<Collection> {
  const files = (await readdir(folder)).sort();
  const named = (kind: string) =>
    new Map(
      files.flatMap((file): [string, string][] => {
        const name = new RegExp(`^${kind}_(.+)\\.jpg$`).exec(file)?.[1];
        return name ? [[name, join(folder, file)]] : [];
      }),
    );
  const [contents, styles] = [named('content'), named('style')];
  if (contents.size === 0 || styles.size === 0)
    throw new UsageError(`${folder}: no content_*.jpg and style_*.jpg`);
  return { contents, styles, objects: folder };
}

/** Every photo with two of the styles, each style about as often as the others. */
function everyContentTwice({ contents, styles }: Collection): [string, string][] {
  const [photos, paintings] = [[...contents.keys()], [...styles.keys()]];
  return [0, 1].flatMap((round) =>
    photos.map((content, i): [string, string] => [
      content,
      paintings[(i + round * photos.length) % paintings.length]!,
    ]),
  );
}

/**
 * @param folder content_*.jpg, style_*.jpg and object_*.png; left out: the page's samples
 * @param only CONTENT+STYLE,...; left out: every photo with two styles
 */
export async function* readPairs(
  folder: string | undefined,
  only: string | undefined,
): AsyncGenerator<Pair> {
  const collection = await (folder ? folderOf(folder) : samples());
  const names = only
    ? only.split(',').map((pair) => pair.split('+') as [string, string])
    : everyContentTwice(collection);
  for (const [content, style] of names) {
    const [photo, painting] = [collection.contents.get(content), collection.styles.get(style)];
    if (!photo || !painting) throw new UsageError(`no pair ${content}+${style} there`);
    const objects = ['png', 'svg']
      .map((ending) => join(collection.objects, `object_${content}.${ending}`))
      .find((file) => existsSync(file));
    yield {
      name: `${content}+${style}`,
      content: await readPicture(photo),
      style: await readPicture(painting),
      objects: objects ?? null,
    };
  }
}

/** Where a photo's objects are in a pastiche of this size: 1 inside, 0 outside, rows from the top. */
export async function objectsAt(
  file: string,
  { width, height }: Pick<Planes, 'width' | 'height'>,
): Promise<Float32Array> {
  const grey = sharp(file).flatten({ background: '#000' }).greyscale();
  const bytes = await grey.resize(width, height, { fit: 'fill' }).raw().toBuffer();
  return Float32Array.from(bytes, (value) => Number(value > 127));
}
