/** Threads on hosts that send no isolating headers: the service worker adds them, from the second load on. */
import { running } from '../run/state.ts';
import { serviceWorkers } from './serviceWorker.ts';

const GUARD = 'restyle.reloaded';
const DEEDS = ['pointerdown', 'keydown', 'dragenter', 'paste'] as const;

/** Makes the second load happen by itself, at most once a tab, while nobody has begun anything. */
export function reloadIntoIsolation(): void {
  // In a frame isolation is the outer page's to give.
  if (crossOriginIsolated || window.top !== window || serviceWorkers?.controller) return;
  let untouched = true;
  const touch = () => {
    untouched = false;
  };
  for (const deed of DEEDS) addEventListener(deed, touch, { capture: true, once: true });
  serviceWorkers?.addEventListener(
    'controllerchange',
    () => {
      if (untouched && !running.peek() && firstTime()) location.reload();
    },
    { once: true },
  );
}

function firstTime(): boolean {
  try {
    if (sessionStorage.getItem(GUARD)) return false;
    sessionStorage.setItem(GUARD, '1');
    return true;
  } catch {
    // What cannot be remembered could happen for ever.
    return false;
  }
}
