/** What a run tells while it goes, and what it ends with. */
import type { Checkpoint } from './checkpoint.ts';
import type { Pixels } from './pixels.ts';
import type { StepLosses } from './stepLosses.ts';

export interface Progress {
  readonly phase: 'preparing' | 'painting';
  readonly step: number;
  readonly steps: number;
  readonly scale: number;
  readonly scales: number;
  readonly width: number;
  readonly height: number;
  /** New since the last report. A resumed run's first report has all those of before. */
  readonly losses: readonly StepLosses[];
  readonly msPerStep: number;
  readonly preview?: Pixels;
  /** Of the step under way, where it goes by tiles; each counts once a pass. */
  readonly tiles?: { readonly done: number; readonly total: number };
}

export interface StylizeOptions {
  /** Aborting keeps the best image so far; before the first step it throws CancelledError. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Waited for between steps; a pending promise is a pause. */
  readonly gate?: () => Promise<void>;
  /** Least time between previews in milliseconds; 0: none. */
  readonly previewEvery?: number;
  /** Least time between checkpoints in milliseconds; 0: none. A pause and an abort give one at once. */
  readonly checkpointEvery?: number;
  readonly onCheckpoint?: (checkpoint: Checkpoint) => void;
  /** Most bytes on the device, or in the wasm heap; left out: what the backend can be trusted with. What needs more goes by tiles. */
  readonly memoryBudget?: number;
  /** Goes on from here, as if the run had never stopped. */
  readonly resume?: Checkpoint;
}

export interface StylizeResult {
  readonly image: Pixels;
  readonly losses: readonly StepLosses[];
  /** Step with the lowest loss at the last scale. */
  readonly bestStep: number;
  readonly finished: boolean;
  /** Mean of the steps themselves, without preparation. */
  readonly msPerStep: number;
  /** Reading, compiling, targets: everything before the first step, over all scales. */
  readonly setupMs: number;
  /** What was done otherwise than asked, in words. */
  readonly notes: readonly string[];
}
