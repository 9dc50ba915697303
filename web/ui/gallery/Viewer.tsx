import '../styles/viewer.css';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import {
  loadPictures,
  type GalleryEntry,
  type GalleryPictures,
} from '../../studio/gallery/entries.ts';
import { Icon } from '../kit/Icon.tsx';
import { language, texts } from '../../texts/index.ts';
import { Facts } from './Facts.tsx';
import { Pair } from './Pair.tsx';
import { Verbs } from './Verbs.tsx';
import { next, opened, previous, turn, viewed } from '../../studio/gallery/viewing.ts';

/** One picture, large, beside the photo it was made from. */
export function Viewer() {
  const { value: entry } = viewed;
  return entry && <Window entry={entry} />;
}

function Window({ entry }: { readonly entry: GalleryEntry }) {
  const t = texts.value.gallery;
  const dialog = useRef<HTMLDialogElement>(null);
  const pictures = usePictures(entry);
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    dialog.current?.showModal();
    // The slider would be first, and would take the arrow keys.
    heading.current?.focus();
  }, []);
  const title = entry.styles.map((style) => style[language.value]).join(', ');
  const keys = (event: KeyboardEvent) => {
    // On the slider the arrows move its handle.
    if (event.target instanceof HTMLInputElement) return;
    if (event.key === 'ArrowLeft') turn(previous.value);
    if (event.key === 'ArrowRight') turn(next.value);
  };
  return (
    <dialog
      ref={dialog}
      class="viewer"
      aria-label={title}
      onClose={() => (opened.value = null)}
      onKeyDown={keys}
    >
      <div class="stage">
        {pictures === 'missing' && <p class="fine">{t.missing}</p>}
        {pictures && pictures !== 'missing' && (
          <Pair key={entry.id} entry={entry} pictures={pictures} />
        )}
      </div>
      <div class="viewer-side">
        <div class="viewer-head">
          <h2 ref={heading} tabIndex={-1}>
            {title}
          </h2>
          <button
            type="button"
            class="verb bare"
            aria-label={t.close}
            onClick={() => dialog.current?.close()}
          >
            <Icon name="close" />
          </button>
        </div>
        <Facts entry={entry} />
        <Verbs
          entry={entry}
          pictures={pictures === 'missing' ? null : pictures}
          close={() => dialog.current?.close()}
        />
        <Turning />
      </div>
    </dialog>
  );
}

/** null: not read yet. */
function usePictures({ id, bytes }: GalleryEntry): GalleryPictures | 'missing' | null {
  const [read, keep] = useState<GalleryPictures | { id: string; missing: true } | null>(null);
  useEffect(() => {
    let wanted = true;
    void loadPictures(id)
      .catch(() => null)
      .then((found) => {
        if (wanted) keep(found ?? { id, missing: true });
      });
    return () => {
      wanted = false;
    };
    // An enlargement takes the picture's place under the same id.
  }, [id, bytes]);
  if (read?.id !== id) return null;
  return 'missing' in read ? 'missing' : read;
}

function Turning() {
  const t = texts.value.gallery;
  return (
    <div class="turning">
      <button
        type="button"
        class="verb"
        aria-disabled={previous.value === null}
        onClick={() => turn(previous.value)}
      >
        ← {t.previous}
      </button>
      <button
        type="button"
        class="verb"
        aria-disabled={next.value === null}
        onClick={() => turn(next.value)}
      >
        {t.next} →
      </button>
    </div>
  );
}
