/** A failed run in the page's words, with ways out of it. */
import { kindOf, RestyleError } from '../../worker/faults.ts';
import { notify, type FailedAction } from '../notice/notice.ts';
import { chooseSize, smallerThan } from '../choices/choices.ts';
import { canGoLite, chooseLite } from '../choices/families.ts';
import { capabilities, switchBackend } from '../engine/engine.ts';
import { repeatThin } from '../pictures/repeat.ts';
import type { Wish } from './wish.ts';

interface WaysOut {
  /** The same once more, as far as it had come. */
  readonly again: () => void;
  /** From the beginning, with what is chosen then. */
  readonly anew: () => void;
}

export function explainFailure(error: unknown, wish: Wish, { again, anew }: WaysOut): void {
  const fault = kindOf(error) ?? 'compute';
  const message = error instanceof Error ? error.message : String(error);
  const advice = error instanceof RestyleError ? ` ${error.advice}` : '';
  const actions: FailedAction[] = [];
  const smaller = smallerThan(wish.settings.size);
  const memory = fault === 'out-of-memory' || fault === 'engine-lost';
  if (fault === 'unfit-checkpoint') {
    actions.push({ name: 'anew', act: again });
  } else if (fault === 'thin-picture') {
    const { photo, styles, settings } = wish;
    const act = () => void repeatThin(photo, styles, settings.size).then(anew);
    actions.push({ name: 'repeat', act });
  } else if (fault !== 'out-of-memory' || smaller === null) {
    actions.push({ name: 'again', act: again });
  }
  if (memory && smaller !== null) {
    const act = () => {
      chooseSize(smaller);
      anew();
    };
    actions.push({ name: 'smaller', size: smaller, act });
  }
  if ((fault === 'invalid-model' || fault === 'thin-picture') && canGoLite.value) {
    const act = () => {
      chooseLite();
      anew();
    };
    actions.push({ name: 'lite', act });
  }
  const onGpu = capabilities.value?.backend !== 'wasm';
  if (onGpu && ['device-lost', 'compute', 'backend-unavailable'].includes(fault)) {
    actions.push({ name: 'wasm', act: () => void switchBackend('wasm').then(again) });
  }
  notify({ kind: 'failed', fault, detail: `${message}.${advice}`, actions });
}
