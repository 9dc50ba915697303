import { useEffect, useRef } from 'preact/hooks';
import { texts } from '../../texts/index.ts';
import { closeGallery, galleryOpen, openGallery } from '../../studio/gallery/open.ts';

/** The way in, and the way out for those who look for it where they came in. */
export function GalleryVerb() {
  const t = texts.value.gallery;
  const button = useRef<HTMLButtonElement>(null);
  const open = galleryOpen.value;
  const before = useRef(open);
  useEffect(() => {
    // Whoever goes by keyboard comes out where they went in.
    if (before.current && !open) button.current?.focus();
    before.current = open;
  }, [open]);
  return (
    <button
      ref={button}
      type="button"
      class="verb bare"
      aria-pressed={open}
      data-verb="gallery"
      onClick={open ? closeGallery : openGallery}
    >
      {t.title}
    </button>
  );
}
