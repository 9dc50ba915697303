/** Keeps a run's checkpoints in the database, beside the run and without holding it up. */
import { readCheckpoint, type Checkpoint } from '../engine/pipeline/checkpoint.ts';
import { isFull } from '../storage/database.ts';
import { loadCheckpoint, saveCheckpoint } from '../storage/runs.ts';
import type { Report } from './contract.ts';

/** Writing takes at most one part in so many of the time: L-BFGS's checkpoints can be a hundred megabytes large. */
const SHARE = 6;

export class Keeper {
  readonly #run: string;
  readonly #network: string;
  readonly #report: (report: Report) => void;
  #writing: Promise<void> | null = null;
  #over: () => void = () => undefined;
  readonly #end = new Promise<void>((resolve) => {
    this.#over = resolve;
  });
  /** Of those that come while one is being written, only the newest counts. */
  #next: Checkpoint | null = null;

  constructor(run: string, network: string, report: (report: Report) => void) {
    this.#run = run;
    this.#network = network;
    this.#report = report;
  }

  /**
   * The checkpoint to go on from; where storage is forbidden there is none.
   *
   * @throws UnfitCheckpointError if it is of a version that cannot be gone on with
   */
  async last(): Promise<Checkpoint | null> {
    const last = await loadCheckpoint(this.#run, this.#network).catch(() => null);
    return last && readCheckpoint(last);
  }

  readonly keep = (state: Checkpoint): void => {
    this.#next = state;
    this.#writing ??= this.#write();
  };

  /** No more will come; waits until nothing is being written. Of use to a run that failed is also what still waits. */
  async settle(failed: boolean): Promise<void> {
    if (!failed) this.#next = null;
    this.#over();
    await this.#writing;
  }

  async #write(): Promise<void> {
    for (let state = this.#take(); state; state = this.#take()) {
      const began = performance.now();
      try {
        await saveCheckpoint({ id: this.#run, network: this.#network, state });
        this.#report({ kind: 'kept', problem: null });
      } catch (error) {
        this.#report({ kind: 'kept', problem: isFull(error) ? 'full' : 'failed' });
      }
      const rest = (SHARE - 1) * (performance.now() - began);
      await Promise.race([this.#end, new Promise((resolve) => setTimeout(resolve, rest))]);
    }
    this.#writing = null;
  }

  #take(): Checkpoint | null {
    const state = this.#next;
    this.#next = null;
    return state;
  }
}
