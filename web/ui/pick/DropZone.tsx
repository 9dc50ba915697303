import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { texts } from '../../texts/index.ts';
import type { Role } from '../../studio/pictures/picked.ts';
import { receive } from '../../studio/inbox/receive.ts';

const dragging = signal(false);

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

const roleAt = (target: EventTarget | null): Role =>
  target instanceof Element && target.closest('[data-role="style"]') ? 'style' : 'photo';

/** Browsers report leaving every element on the way; leaving the window has no related target. */
const leftWindow = (event: DragEvent) => event.relatedTarget === null;

function listen(): () => void {
  const stop = new AbortController();
  const { signal: until } = stop;
  const over = (event: DragEvent) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    dragging.value = true;
  };
  const drop = (event: DragEvent) => {
    dragging.value = false;
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    void receive(files, roleAt(event.target));
  };
  const leave = (event: DragEvent) => {
    if (leftWindow(event)) dragging.value = false;
  };
  const paste = (event: ClipboardEvent) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length > 0) void receive(files, roleAt(document.activeElement));
  };
  addEventListener('dragenter', over, { signal: until });
  addEventListener('dragover', over, { signal: until });
  addEventListener('dragleave', leave, { signal: until });
  addEventListener('drop', drop, { signal: until });
  addEventListener('paste', paste, { signal: until });
  return () => stop.abort();
}

/** The whole window takes pictures; while one hovers, two large fields say as what. */
export function DropZone() {
  useEffect(listen, []);
  if (!dragging.value) return null;
  const t = texts.value.pick;
  return (
    <div class="drop" aria-hidden="true">
      <div class="drop-field" data-role="photo">
        {t.dropPhoto}
      </div>
      <div class="drop-field" data-role="style">
        {t.dropStyle}
      </div>
    </div>
  );
}
