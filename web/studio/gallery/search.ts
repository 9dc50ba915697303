/** Finding a picture by what people remember of it. */
import type { GalleryEntry } from '../../storage/gallery.ts';

export type Order = 'newest' | 'oldest' | 'largest';
export const ORDERS: readonly Order[] = ['newest', 'oldest', 'largest'];

const COMPARE: Readonly<Record<Order, (a: GalleryEntry, b: GalleryEntry) => number>> = {
  newest: (a, b) => b.created - a.created,
  oldest: (a, b) => a.created - b.created,
  largest: (a, b) => b.width * b.height - a.width * a.height,
};

/** Titles in both languages, so that what was found in one is found in the other; dates as written and as 2025-03-31. */
function haystack(entry: GalleryEntry, locale: string, labelOf: (id: string) => string): string {
  const { created, width, height, models, photo, styles } = entry;
  const date = new Date(created);
  return [
    ...[photo, ...styles].flatMap(({ en, ru }) => [en, ru]),
    ...models.flatMap((id) => [id, labelOf(id)]),
    `${width}×${height} ${width}x${height}`,
    date.toLocaleDateString(locale, { dateStyle: 'long' }),
    `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
  ]
    .join(' ')
    .toLocaleLowerCase(locale);
}

const two = (n: number) => String(n).padStart(2, '0');

/** Every word of the question has to be found. */
export function search(
  entries: readonly GalleryEntry[],
  question: string,
  order: Order,
  locale: string,
  labelOf: (id: string) => string,
): GalleryEntry[] {
  const words = question.toLocaleLowerCase(locale).split(/\s+/).filter(Boolean);
  return entries
    .filter((entry) => {
      const text = haystack(entry, locale, labelOf);
      return words.every((word) => text.includes(word));
    })
    .sort(COMPARE[order]);
}
