/** What a Telegram job shows, once there is one. */
import { signal } from '@preact/signals';
import type * as Ui from './ui.ts';

type JobUi = typeof Ui;

/** null: no job so far. */
export const jobUi = signal<JobUi | null>(null);

export async function loadJobUi(): Promise<JobUi> {
  jobUi.value ??= await import('./ui.ts');
  return jobUi.value;
}
