import type { Losses } from '../optimizers/optimizer.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Pixels } from './pixels.ts';
import type { Progress } from './progress.ts';
import type { Scale } from './schedule.ts';
import type { StepLosses } from './stepLosses.ts';

/** The first loss is the photo's own; after a few more, nothing better is to be hoped for. */
const ENOUGH = 4;

/** What a run has counted so far, and how much of it was told. */
export class Tally {
  readonly losses: StepLosses[] = [];
  steps = 0;
  /** Time of the steps and of the preparation in milliseconds. */
  stepMs = 0;
  setupMs = 0;
  #reported = 0;
  readonly scales: readonly Scale[];
  readonly #onProgress: ((progress: Progress) => void) | undefined;

  constructor(scales: readonly Scale[], onProgress?: (progress: Progress) => void) {
    this.scales = scales;
    this.#onProgress = onProgress;
  }

  takeUp({ losses, steps, stepMs, setupMs }: Checkpoint): void {
    this.losses.push(...losses);
    this.steps = steps;
    this.stepMs = stepMs;
    this.setupMs = setupMs;
  }

  get msPerStep(): number {
    return this.stepMs / Math.max(1, this.steps);
  }

  note(rows: readonly Losses[], scale: number): void {
    for (const row of rows) this.losses.push({ step: this.losses.length + 1, scale, ...row });
  }

  report(
    phase: Progress['phase'],
    index: number,
    preview?: Pixels,
    tiles?: Progress['tiles'],
  ): void {
    const { width, height } = this.scales[index]!;
    this.#onProgress?.({
      phase,
      step: this.steps,
      steps: this.scales.reduce((sum, { steps }) => sum + steps, 0),
      scale: index,
      scales: this.scales.length,
      width,
      height,
      losses: this.losses.slice(this.#reported),
      msPerStep: this.msPerStep,
      ...(preview && { preview }),
      ...(tiles && { tiles }),
    });
    this.#reported = this.losses.length;
  }

  /** Whether no loss of a scale is a finite number, after steps enough to tell. */
  diverged(scale: number, last: boolean): boolean {
    const here = this.losses.filter((row) => row.scale === scale);
    const enough = last || here.length >= ENOUGH;
    return enough && here.length > 0 && !here.some(({ total }) => Number.isFinite(total));
  }

  /** Step with the lowest loss at the last scale. */
  get bestStep(): number {
    const last = this.losses.filter(({ scale }) => scale === this.losses.at(-1)?.scale);
    return last.reduce((best, row) => (row.total < best.total ? row : best), last[0]!).step;
  }
}
