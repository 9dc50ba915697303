/** File names of pictures that leave the gallery. */
import type { GalleryEntry } from '../../storage/gallery.ts';
import { fileName } from '../kit/download.ts';
import type { Language } from '../../texts/index.ts';

/** Without the ending: `lake_starry-night_vgg19`. */
export const titleOf = ({ photo, styles, models }: GalleryEntry, language: Language): string =>
  fileName([photo[language], ...styles.map((style) => style[language]), models[0] ?? '']);

/** Each name once: what comes again gets a number. */
export class Names {
  readonly #given = new Map<string, number>();

  give(wanted: string): string {
    const times = (this.#given.get(wanted) ?? 0) + 1;
    this.#given.set(wanted, times);
    return times === 1 ? wanted : this.give(`${wanted}-${times}`);
  }
}
