/** A run at a moment between two steps, as plain data that a page can store and give back. */
import { climb, type Ladder } from '../../../shared/ladder.ts';
import type { StyleSettings } from '../../../shared/settings.ts';
import { unfit, type OptimizerState } from '../optimizers/state.ts';
import type { StepLosses } from './stepLosses.ts';
import type { Scale } from './schedule.ts';

/**
 * From each version's checkpoints to the next one's. A version from which a run could not go on to the same picture
 * has a step that throws `unfit`.
 */
const LADDER: Ladder = [
  // 2: says which style goes where; before, all of them went everywhere.
  (fields) => ({ ...fields, mask: null }),
];

export const CHECKPOINT_VERSION = LADDER.length + 1;

/** Structured-cloneable. With Adam about five images large; with L-BFGS up to two more for each remembered step. */
export interface Checkpoint {
  readonly version: number;
  readonly optimizer: StyleSettings['optimizer'];
  /** Which style goes where, by `writeMask`; null: all of them everywhere. */
  readonly mask: string | null;
  /** The whole plan, so that a run with other sizes or steps is told apart. */
  readonly scales: readonly Scale[];
  /** Index of the scale the run was at. */
  readonly scale: number;
  /** Steps taken at this scale. */
  readonly taken: number;
  /** Steps taken over all scales. */
  readonly steps: number;
  readonly losses: readonly StepLosses[];
  /** Time of the steps and of the preparation so far. */
  readonly stepMs: number;
  readonly setupMs: number;
  /** The optimiser's, the best image so far among it. */
  readonly state: OptimizerState;
}

/** A checkpoint as any version stored it, as today's. Throws InvalidRequestError where no run can go on from it. */
export function readCheckpoint(stored: Checkpoint): Checkpoint {
  const { version } = stored;
  const fields = climb(LADDER, version, stored);
  if (!fields) throw unfit(`its version is ${version}, not ${CHECKPOINT_VERSION}`);
  return { ...(fields as unknown as Checkpoint), version: CHECKPOINT_VERSION };
}

const count = (n: unknown, most: number): boolean =>
  Number.isInteger(n) && (n as number) >= 0 && (n as number) <= most;

/** Throws UnfitCheckpointError if the run it was taken from is not this one. The optimiser checks its own state. */
export function checkCheckpoint(
  { version, optimizer, mask, scales, scale, taken, steps, losses }: Checkpoint,
  settings: StyleSettings,
  plan: readonly Scale[],
  masked: string | null,
): void {
  if (version !== CHECKPOINT_VERSION)
    throw unfit(`its version is ${version}, not ${CHECKPOINT_VERSION}`);
  if (optimizer !== settings.optimizer)
    throw unfit(`it is of ${optimizer}, not of ${settings.optimizer}`);
  if (mask !== masked) throw unfit('its mask is another');
  const same = (a: Scale, b: Scale | undefined) =>
    a.width === b?.width && a.height === b.height && a.steps === b.steps;
  if (scales.length !== plan.length || !scales.every((one, i) => same(one, plan[i])))
    throw unfit('its sizes or steps are others');
  const whole = count(scale, plan.length - 1) && count(taken, plan[scale]?.steps ?? -1);
  const before = plan.slice(0, scale).reduce((sum, one) => sum + one.steps, 0);
  if (!whole || steps !== before + taken || losses.length !== steps)
    throw unfit('its counts contradict each other');
}
