/** Puts finished pictures into the gallery, off the way of everything else. */
import type { GalleryEntry, GalleryPictures } from '../../storage/gallery.ts';
import { savePicture } from '../../storage/gallery.ts';
import { isFull } from '../../storage/database.ts';
import type { SavedPicture } from '../../storage/runs.ts';
import type { Pixels } from '../../worker/contract.ts';
import { notify } from '../notice/notice.ts';
import { shrink, toBlob } from '../kit/pixels.ts';
import { loadImage, type Picture } from '../pictures/picture.ts';
import { recipeOf } from '../result/describe.ts';
import { encodePicture } from '../result/encode.ts';
import type { Wish } from '../run/wish.ts';
import type { Painting } from '../run/state.ts';
import { openGallery } from './open.ts';
import { list } from './entries.ts';
import { keepForGood } from './space.ts';

const THUMBNAIL = 480;
/** What a picture was made from is kept as large as the picture, or this large. */
const SOURCE = 1024;

interface Finished {
  readonly painting: Painting;
  readonly wish: Wish;
}

interface Homeless extends Finished {
  readonly housed: () => void;
}

/** By the picture before its enlargement, which then takes its place. */
const ids = new WeakMap<Pixels, string>();
/** When each is in the gallery: once for each painting, however often it is asked. */
const housed = new WeakMap<Painting, Promise<void>>();
let homeless: Homeless[] = [];
let saidSo = false;
let queue: Promise<void> = Promise.resolve();

/** Resolves once they are in the gallery; where there is no room, that is when somebody has made some. */
export async function keepAll(paintings: readonly Painting[], wish: Wish): Promise<void> {
  await Promise.all(paintings.map((painting) => keepOnce({ painting, wish })));
}

function keepOnce(finished: Finished): Promise<void> {
  const { painting } = finished;
  const known = housed.get(painting);
  if (known) return known;
  const done = new Promise<void>((housed) => enqueue({ ...finished, housed }));
  housed.set(painting, done);
  return done;
}

function enqueue(finished: Homeless): void {
  queue = queue.then(() => keepOne(finished));
}

/** Those for which there was no room: there may be some now. */
export function keepHomeless(): void {
  const again = homeless;
  homeless = [];
  again.forEach(enqueue);
}

async function keepOne(finished: Homeless): Promise<void> {
  try {
    const { entry, pictures } = await prepare(finished);
    await savePicture(entry, pictures);
    const { image } = finished.painting;
    ids.set(image, entry.id);
    finished.housed();
    list(entry);
    // An enlargement stands for the picture before it, too.
    const [same, others] = [
      homeless.filter(isOf(image)),
      homeless.filter((one) => !isOf(image)(one)),
    ];
    for (const { housed } of same) housed();
    homeless = others;
    // Where there was room for this one, there may be for others.
    keepHomeless();
    // Some browsers ask the person, who may take their time.
    void keepForGood();
  } catch (error) {
    homeless.push(finished);
    const full = isFull(error);
    // A browser that keeps nothing at all need not say so with every picture.
    if (full || !saidSo) notify({ kind: 'unkept', full, again: keepHomeless, openGallery });
    saidSo = true;
  }
}

const isOf =
  (image: Pixels) =>
  ({ painting }: Finished): boolean =>
    painting.image === image;

async function prepare({
  painting,
  wish,
}: Finished): Promise<{ entry: GalleryEntry; pictures: GalleryPictures }> {
  const { image, large, network, steps, seconds } = painting;
  const shown = large ?? image;
  const id = ids.get(image) ?? crypto.randomUUID();
  const recipe = recipeOf(wish, [painting]);
  const pastiche = await encodePicture(shown, 'png', recipe);
  const longSide = Math.max(SOURCE, shown.width, shown.height);
  const photo = await toSaved(wish.photo, longSide);
  const styles = await Promise.all(
    wish.styles.map(async ({ picture, weight }) => ({
      ...(await toSaved(picture, SOURCE)),
      weight,
    })),
  );
  const entry = {
    id,
    created: Date.now(),
    width: shown.width,
    height: shown.height,
    models: [network.id, ...(recipe.upscaler === null ? [] : [recipe.upscaler])],
    photo: wish.photo.title,
    styles: styles.map(({ title }) => title),
    settings: wish.settings,
    steps,
    seconds,
    thumbnail: await makeThumbnail(pastiche),
    bytes: [photo, ...styles].reduce((sum, { blob }) => sum + blob.size, pastiche.size),
  };
  return { entry, pictures: { id, pastiche, photo, styles } };
}

async function toSaved(picture: Picture, longSide: number): Promise<SavedPicture> {
  const { url, title, own, id } = picture;
  const image = await loadImage(url);
  const canvas = shrink(image, image.naturalWidth, image.naturalHeight, longSide);
  // WebP keeps transparency.
  return { blob: await toBlob(canvas, 'image/webp', 0.9), title, sample: own ? null : id };
}

async function makeThumbnail(pastiche: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(pastiche);
  const canvas = shrink(bitmap, bitmap.width, bitmap.height, THUMBNAIL);
  bitmap.close();
  return toBlob(canvas, 'image/webp', 0.85);
}
