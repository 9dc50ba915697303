/** Every finished picture goes into the gallery by itself. What that takes comes with the first one. */
import { effect } from '@preact/signals-core';
import { notify } from '../notice/notice.ts';
import type { Job } from '../run/wish.ts';
import { keepers } from '../run/run.ts';
import { job, result, type Painting } from '../run/state.ts';
import { openGallery } from './open.ts';

let underWay: Promise<void> = Promise.resolve();

export function keepWhatIsFinished(): void {
  effect(() => {
    const [made, by] = [result.value, job.value];
    if (made && by) underWay = keep(made.paintings, by);
  });
  keepers.push(() => underWay);
}

async function keep(paintings: readonly Painting[], by: Job): Promise<void> {
  try {
    const { keepAll } = await import('./keep.ts');
    await keepAll(paintings, by);
  } catch {
    const again = () => void keep(paintings, by);
    notify({ kind: 'unkept', full: false, again, openGallery });
  }
}
