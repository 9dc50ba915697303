/** What a network made of a wish. */
import type { Painted } from '../../worker/client.ts';
import type { ModelEntry, Pixels, StepLosses } from '../../worker/contract.ts';

export interface Painting {
  readonly network: ModelEntry;
  readonly image: Pixels;
  /** The same, enlarged by the upscaler. */
  readonly large: Pixels | null;
  readonly steps: number;
  /** Of work: preparation and steps, without pauses. */
  readonly seconds: number;
  readonly losses: readonly StepLosses[];
  /** whole: all steps taken; stopped: the best so far; cut: the last preview. */
  readonly end: 'whole' | 'stopped' | 'cut';
}

/**
 * `reported` and `msPerStep`: what was told while it was painted. Reports travel by a port of their own, so the last ones
 * may come after the answer, which has them all.
 */
export function toPainting(
  painted: Painted,
  network: ModelEntry,
  reported: readonly StepLosses[],
  msPerStep: number,
): Painting {
  const losses = painted.cutShort ? reported : painted.losses;
  const ms = painted.cutShort
    ? msPerStep * losses.length
    : painted.setupMs + painted.msPerStep * losses.length;
  return {
    network,
    image: painted.image,
    large: null,
    steps: losses.length,
    seconds: ms / 1000,
    losses,
    end: painted.cutShort ? 'cut' : painted.finished ? 'whole' : 'stopped',
  };
}

/** Losses of the further steps stand behind those of the steps before, as a scale of their own. */
export function append(before: Painting, after: Painting): Painting {
  const scale = (before.losses.at(-1)?.scale ?? 0) + 1;
  const further = after.losses.map((row): StepLosses => ({
    ...row,
    scale,
    step: row.step + before.steps,
  }));
  return {
    ...after,
    steps: before.steps + after.steps,
    seconds: before.seconds + after.seconds,
    losses: [...before.losses, ...further],
  };
}

/** What is handed to the worker is gone from here. */
export const copyOf = ({ width, height, data }: Pixels): Pixels => ({
  width,
  height,
  data: data.slice(),
});
