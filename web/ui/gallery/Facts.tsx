import type { GalleryEntry } from '../../studio/gallery/entries.ts';
import { language, texts } from '../../texts/index.ts';
import { labelOf } from '../../studio/gallery/entries.ts';

/** What it was made from, with what, when, and how long it took. */
export function Facts({ entry }: { readonly entry: GalleryEntry }) {
  const { gallery: t, locale } = texts.value;
  const { created, width, height, steps, seconds, bytes } = entry;
  const date = new Date(created);
  const facts = [
    [t.photo, entry.photo[language.value]],
    [t.models, entry.models.map(labelOf).join(', ')],
    [t.made, date.toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' })],
    [t.size, `${width} × ${height}`],
    [t.work, t.worked(steps, seconds)],
    [t.file, t.megabytes(bytes)],
  ] as const;
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
