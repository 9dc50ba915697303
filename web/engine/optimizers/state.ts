/** An optimiser's state as plain data: what a checkpoint keeps. */
import { UnfitCheckpointError } from '../errors.ts';

/** Structured-cloneable. */
export interface OptimizerState {
  readonly arrays: Readonly<Record<string, Float32Array>>;
  readonly numbers: Readonly<Record<string, number>>;
}

export function unfit(why: string): UnfitCheckpointError {
  return new UnfitCheckpointError(
    `the checkpoint does not fit this run: ${why}`,
    'Start the picture anew.',
  );
}

/** The state if it has these arrays in these lengths, and these numbers; else throws UnfitCheckpointError. */
export function checkState(
  state: OptimizerState,
  lengths: Readonly<Record<string, number>>,
  numbers: readonly string[],
): OptimizerState {
  for (const [name, length] of Object.entries(lengths)) {
    const array = state.arrays[name];
    if (!(array instanceof Float32Array)) throw unfit(`"${name}" is missing`);
    if (array.length !== length)
      throw unfit(`"${name}" has ${array.length} elements, not ${length}`);
  }
  for (const name of numbers) {
    if (typeof state.numbers[name] !== 'number') throw unfit(`"${name}" is missing`);
  }
  return state;
}
