/** Whether the gallery is open. The browser's own Back closes it, and a reload leaves it open. */
import { signal } from '@preact/signals-core';

const MARK = 'gallery';
const isMarked = () => history.state === MARK;

export const galleryOpen = signal(isMarked());

export function openGallery(): void {
  if (galleryOpen.value) return;
  history.pushState(MARK, '');
  galleryOpen.value = true;
}

export function closeGallery(): void {
  if (!galleryOpen.value) return;
  galleryOpen.value = false;
  history.back();
}

addEventListener('popstate', () => {
  galleryOpen.value = isMarked();
});
