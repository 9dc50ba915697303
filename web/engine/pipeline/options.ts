import { pyramid } from '../../../shared/pyramid.ts';
import type { StyleSettings } from '../../../shared/settings.ts';
import type { OptimizerOptions } from '../optimizers/optimizer.ts';

/** Of the steps at the finest size, the part that the average looks back over where it is left to us. */
const LOOK_BACK = 1 / 10;

/** Decay of the running average of the iterates; 0: none. */
export function averagingOf(settings: StyleSettings): number {
  if (settings.averaging !== 'auto') return settings.averaging;
  return Math.max(0, 1 - 1 / (LOOK_BACK * pyramid(settings).at(-1)!.steps));
}

/** What the settings say to an optimiser. */
export const optimizerOptions = (settings: StyleSettings): OptimizerOptions => ({
  ...settings,
  averaging: averagingOf(settings),
  range: settings.clamp ? [0, settings.pixelRange] : null,
});
