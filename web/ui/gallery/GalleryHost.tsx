import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { texts } from '../../texts/index.ts';
import { galleryOpen } from '../../studio/gallery/open.ts';

const view = signal<ComponentType | 'failed' | null>(null);

async function fetchView(): Promise<void> {
  view.value = null;
  try {
    const { Gallery } = await import('./Gallery.tsx');
    view.value = Gallery;
  } catch {
    view.value = 'failed';
  }
}

/** In place of the studio while it is open. Its code comes when somebody looks. */
export function GalleryHost() {
  const open = galleryOpen.value;
  useEffect(() => {
    if (open && typeof view.value !== 'function') void fetchView();
  }, [open]);
  if (!open) return null;
  const { gallery: t, actions } = texts.value;
  const { value: View } = view;
  if (View === null) return <p class="waiting fine">{t.loading}</p>;
  if (View !== 'failed') return <View />;
  return (
    <div class="waiting" role="alert">
      <p>{t.notLoaded}</p>
      <button type="button" class="verb" onClick={() => void fetchView()}>
        {actions.again}
      </button>
    </div>
  );
}
