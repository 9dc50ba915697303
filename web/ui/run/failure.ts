/** A failed run in the page's words, with ways out of it. */
import { kindOf, RestyleError } from '../../worker/faults.ts';
import { notify, type FailedAction } from '../easel/notice.ts';
import { chooseSize, SIZES } from '../settings/choices.ts';
import { capabilities, switchBackend } from './engine.ts';
import type { Job } from './job.ts';

export function explainFailure(error: unknown, job: Job, again: () => void): void {
  const fault = kindOf(error) ?? 'compute';
  const message = error instanceof Error ? error.message : String(error);
  const advice = error instanceof RestyleError ? ` ${error.advice}` : '';
  const actions: FailedAction[] = [];
  const smaller = SIZES.findLast((size) => size < job.settings.size);
  if (fault === 'out-of-memory' && smaller) {
    const act = () => {
      chooseSize(smaller);
      again();
    };
    actions.push({ name: 'smaller', size: smaller, act });
  } else {
    actions.push({ name: 'again', act: again });
  }
  const onGpu = capabilities.value?.backend !== 'wasm';
  if (onGpu && ['device-lost', 'compute', 'backend-unavailable'].includes(fault)) {
    const act = () => {
      switchBackend('wasm');
      again();
    };
    actions.push({ name: 'wasm', act });
  }
  notify({ kind: 'failed', fault, detail: `${message}.${advice}`, actions });
}
