/** The tab's title shows how far the painting is, for those who went elsewhere meanwhile. */
import { effect } from '@preact/signals';
import { texts } from '../texts/index.ts';
import { phase, progress, running } from './run.ts';

export function showProgressInTitle(): void {
  effect(() => {
    const { title } = texts.value;
    const now = progress.value;
    if (running.value && now) {
      document.title = `${Math.floor((100 * now.step) / now.steps)} % · ${title}`;
    } else {
      document.title = phase.value === 'done' ? `✓ ${title}` : title;
    }
  });
}
