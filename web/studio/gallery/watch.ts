/** Every finished picture goes into the gallery by itself. What that takes comes with the first one. */
import { notify } from '../notice/notice.ts';
import { machine } from '../run/machine.ts';
import type { Done } from '../run/state.ts';
import { openGallery } from './open.ts';

export function keepWhatIsFinished(): void {
  machine.onFinished((done) => new Promise((safe) => void keep(done, safe)));
}

/** `safe`: they are in the gallery. */
async function keep(done: Done, safe: () => void): Promise<void> {
  try {
    const { keepAll } = await import('./keep.ts');
    await keepAll(done.paintings, done.wish);
    safe();
  } catch {
    const again = () => void keep(done, safe);
    notify({ kind: 'unkept', full: false, again, openGallery });
  }
}
