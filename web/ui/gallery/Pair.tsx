import { useSignal } from '@preact/signals';
import type { GalleryEntry, GalleryPictures } from '../../studio/gallery/entries.ts';
import { Icon } from '../kit/Icon.tsx';
import { language, texts } from '../../texts/index.ts';
import { useUrl } from './useUrl.ts';

interface Props {
  readonly entry: GalleryEntry;
  readonly pictures: GalleryPictures;
}

/** The painting over its photo, with a handle between them; at first all of it is painting. */
export function Pair({ entry, pictures }: Props) {
  const { easel: t, result } = texts.value;
  const split = useSignal(0);
  const [pastiche, photo] = [useUrl(pictures.pastiche), useUrl(pictures.photo.blob)];
  const manner = entry.styles.map((style) => style[language.value]).join(', ');
  return (
    <div
      class="pair"
      style={{ '--ratio': entry.width / entry.height, '--split': `${split.value}%` }}
    >
      <img src={photo} alt={t.photoAlt(entry.photo[language.value])} />
      <img class="over" src={pastiche} alt={t.pasticheAlt(manner)} data-full="yes" />
      {split.value > 0 && (
        <>
          <span class="tag left" aria-hidden="true">
            {t.photo}
          </span>
          <span class="tag right" aria-hidden="true">
            {t.pastiche}
          </span>
        </>
      )}
      <input
        class="split"
        type="range"
        min="0"
        max="100"
        step="any"
        value={split.value}
        aria-label={result.compare(t.photo, t.pastiche)}
        onInput={({ currentTarget }) => (split.value = Number(currentTarget.value))}
      />
      <span class="handle" aria-hidden="true" data-edge={split.value === 0}>
        <span class="grip">
          <Icon name="grip" />
        </span>
      </span>
    </div>
  );
}
