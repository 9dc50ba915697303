import type { GalleryEntry } from '../../studio/gallery/entries.ts';
import { language, texts } from '../../texts/index.ts';
import { question, shown } from '../../studio/gallery/entries.ts';
import { useUrl } from './useUrl.ts';
import { opened } from '../../studio/gallery/viewing.ts';

/** Rows of pictures of one height, each as wide as it is. */
export function Grid() {
  const t = texts.value.gallery;
  if (shown.value.length === 0) {
    return (
      <div class="gallery-empty">
        <p>{t.none}</p>
        <button type="button" class="verb" onClick={() => (question.value = '')}>
          {t.clear}
        </button>
      </div>
    );
  }
  return (
    <ul class="wall">
      {shown.value.map((entry) => (
        <Card key={entry.id} entry={entry} />
      ))}
    </ul>
  );
}

/** Beyond this a picture is cut, so that a panorama does not fill the wall. */
const RATIO = { min: 0.5, max: 2.4 } as const;

function Card({ entry }: { readonly entry: GalleryEntry }) {
  const { gallery: t, locale } = texts.value;
  const { created, width, height, styles, photo, thumbnail } = entry;
  const url = useUrl(thumbnail);
  const manner = styles.map((style) => style[language.value]).join(', ');
  const date = new Date(created).toLocaleDateString(locale, { dateStyle: 'medium' });
  const ratio = Math.min(RATIO.max, Math.max(RATIO.min, width / height));
  return (
    <li class="card" style={{ '--ratio': ratio }}>
      <button type="button" data-entry={entry.id} onClick={() => (opened.value = entry.id)}>
        <img src={url} alt={t.card(photo[language.value])} decoding="async" />
        <span class="card-title">{manner}</span>
        <span class="fine">
          <span>{date}</span>{' '}
          <span>
            {width} × {height}
          </span>
        </span>
      </button>
    </li>
  );
}
