/** Every finished picture goes into the gallery by itself. What that takes comes with the first one. */
import { effect } from '@preact/signals';
import { job, result } from '../run/state.ts';

export function keepWhatIsFinished(): void {
  effect(() => {
    const [made, by] = [result.value, job.value];
    if (made && by) void import('./keep.ts').then(({ keepAll }) => keepAll(made.paintings, by));
  });
}
