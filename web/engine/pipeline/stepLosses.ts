import type { Losses } from '../optimizers/optimizer.ts';

/** Losses of one step: at the image the step began with. */
export interface StepLosses extends Losses {
  /** From 1 to `steps`, over all scales. */
  readonly step: number;
  /** Losses of different scales do not compare. */
  readonly scale: number;
}
