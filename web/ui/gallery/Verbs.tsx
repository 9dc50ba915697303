import type { GalleryEntry, GalleryPictures } from '../../studio/gallery/entries.ts';
import { Icon } from '../kit/Icon.tsx';
import { texts } from '../../texts/index.ts';
import { remove } from '../../studio/gallery/leaving.ts';
import { canShare, paintLikeThis, save, share, useAs } from '../../studio/gallery/actions.ts';

interface Props {
  readonly entry: GalleryEntry;
  /** null while they are not there. */
  readonly pictures: GalleryPictures | null;
  readonly close: () => void;
}

/** What can be done with the picture. */
export function Verbs({ entry, pictures, close }: Props) {
  const t = texts.value.gallery;
  /** Closed first, so that the focus finds its way back. */
  const act = (deed: (entry: GalleryEntry, pictures: GalleryPictures) => unknown) => () => {
    if (!pictures) return;
    close();
    void deed(entry, pictures);
  };
  const discard = () => {
    close();
    remove(entry.id);
    document.querySelector<HTMLElement>('.gallery h2')?.focus();
  };
  return (
    <div class="viewer-verbs">
      <button
        type="button"
        class="verb strong"
        data-verb="save"
        disabled={!pictures}
        onClick={() => pictures && save(entry, pictures)}
      >
        <Icon name="save" />
        {t.save}
      </button>
      {pictures && canShare(entry, pictures) && (
        <button type="button" class="verb" onClick={() => void share(entry, pictures)}>
          {t.share}
        </button>
      )}
      <button type="button" class="verb" onClick={act((...it) => useAs('photo', ...it))}>
        {t.asPhoto}
      </button>
      <button type="button" class="verb" onClick={act((...it) => useAs('style', ...it))}>
        {t.asStyle}
      </button>
      <button type="button" class="verb" onClick={act(paintLikeThis)}>
        {t.likeThis}
      </button>
      <button type="button" class="verb" data-verb="delete" onClick={discard}>
        {t.delete}
      </button>
    </div>
  );
}
