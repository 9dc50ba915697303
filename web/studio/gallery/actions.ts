/** What can be done with a picture of the gallery. */
import { batch } from '@preact/signals-core';
import { readMask } from '../../../shared/mask.ts';
import type { GalleryEntry, GalleryPictures } from '../../storage/gallery.ts';
import { download } from '../kit/download.ts';
import { display, photo, type Role } from '../pictures/picked.ts';
import { restore } from '../pictures/picture.ts';
import { adopt } from '../regions/regions.ts';
import { readRecipe } from '../result/recipe.ts';
import { placeFile } from '../inbox/receive.ts';
import { chooseAll } from '../choices/choices.ts';
import { language } from '../../texts/index.ts';
import { closeGallery } from './open.ts';
import { titleOf } from './names.ts';

const fileOf = (entry: GalleryEntry, { pastiche }: GalleryPictures) =>
  new File([pastiche], `${titleOf(entry, language.peek())}.png`, { type: 'image/png' });

export function save(entry: GalleryEntry, pictures: GalleryPictures): void {
  const file = fileOf(entry, pictures);
  download(file, `restyle_${file.name}`);
}

/** Desktop browsers often cannot. */
export function canShare(entry: GalleryEntry, pictures: GalleryPictures): boolean {
  const { canShare } = navigator as Partial<Navigator>;
  return canShare?.call(navigator, { files: [fileOf(entry, pictures)] }) ?? false;
}

export async function share(entry: GalleryEntry, pictures: GalleryPictures): Promise<void> {
  // Closing the system's sheet is an answer, too.
  await navigator.share({ files: [fileOf(entry, pictures)] }).catch(() => undefined);
}

export async function useAs(
  role: Role,
  entry: GalleryEntry,
  pictures: GalleryPictures,
): Promise<void> {
  closeGallery();
  await placeFile(fileOf(entry, pictures), role);
}

/** Styles, networks and settings as they were then; the photo on the easel stays, if there is one. */
export async function paintLikeThis(entry: GalleryEntry, pictures: GalleryPictures): Promise<void> {
  const styles = await Promise.all(
    pictures.styles.map(async (style) => ({
      picture: await restore(style),
      weight: style.weight,
    })),
  );
  const content = photo.value ?? (await restore(pictures.photo));
  const regions = (await readRecipe(pictures.pastiche))?.mask;
  batch(() => {
    display(content, styles);
    if (regions !== undefined) adopt(readMask(regions));
    const [network, upscaler = null] = entry.models;
    chooseAll(entry.settings, network === undefined ? [] : [network], upscaler);
  });
  closeGallery();
}
