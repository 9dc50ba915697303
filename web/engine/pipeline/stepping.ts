/** The steps at one size: how many at once, what is told of them, and what is kept. */
import { CancelledError, DivergedError } from '../errors.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { breathe } from './breathe.ts';
import { CHECKPOINT_VERSION } from './checkpoint.ts';
import type { ColourPlan } from './colourPlan.ts';
import { averagingOf } from './options.ts';
import { toPixels, type Pixels, type Planes } from './pixels.ts';
import type { StylizeOptions } from './progress.ts';
import type { StylizeRequest } from './request.ts';
import type { Scale } from './schedule.ts';
import type { Tally } from './tally.ts';

/** Losses are read about this often in milliseconds; in between, the device runs ahead. */
const FLUSH_EVERY = 200;
/** Most steps under way at once: each keeps a small buffer until it is read. */
const MAX_BATCH = 32;

/** Milliseconds between checkpoints for each pixel: Adam's four images at 10 MB a second. */
const PIXEL_MS = 0.005;

/** What an optimiser is working at. */
export interface Work {
  readonly optimizer: Optimizer;
  readonly index: number;
  readonly scale: Scale;
  /** At this scale, in colour. */
  readonly content: Planes;
  /** Steps go by tiles, and are worth a report each. */
  readonly tiled: boolean;
  /** Steps taken at this scale. */
  taken: number;
}

export class Stepping {
  readonly #runtime: Runtime;
  readonly #settings: StylizeRequest['settings'];
  readonly #options: StylizeOptions;
  readonly #colours: ColourPlan;
  readonly #mask: string | null;
  readonly #tally: Tally;
  #lastPreview = 0;
  #lastCheckpoint = performance.now();
  /** Steps that the last checkpoint knows of. */
  #checkpointed: number;

  constructor(
    runtime: Runtime,
    { settings }: StylizeRequest,
    options: StylizeOptions,
    colours: ColourPlan,
    mask: string | null,
    tally: Tally,
  ) {
    this.#runtime = runtime;
    this.#settings = settings;
    this.#options = options;
    this.#colours = colours;
    this.#mask = mask;
    this.#tally = tally;
    this.#checkpointed = options.resume?.steps ?? -1;
  }

  /** Takes what is left of the steps at a size. Throws CancelledError if that ends before the first one. */
  async take(work: Work): Promise<void> {
    const { signal } = this.#options;
    const { scale } = work;
    // The first step compiles shaders and says little about the next.
    let batch = 1;
    while (work.taken < scale.steps && !signal?.aborted) {
      await this.#pass(work);
      if (signal?.aborted) break;
      const started = performance.now();
      const count = await this.#batch(work, Math.min(batch, scale.steps - work.taken));
      const elapsed = performance.now() - started;
      this.#tally.stepMs += elapsed;
      const quick = Math.floor((FLUSH_EVERY * count) / elapsed);
      batch = work.tiled ? 1 : Math.min(MAX_BATCH, Math.max(1, quick));
      if (this.#tally.diverged(work.index, work.taken === scale.steps)) throw diverged();
      await this.#preview(work, work.taken === scale.steps);
      await this.#checkpoint(work, false);
      await breathe();
    }
    if (this.#tally.steps === 0) throw new CancelledError();
    if (signal?.aborted) await this.#checkpoint(work, true);
  }

  /**
   * Takes steps whose losses are read together; one by one where that costs nothing, so that speed decides nothing.
   * Returns how many: a step by tiles can be stopped in the middle, and is none then.
   */
  async #batch(work: Work, most: number): Promise<number> {
    const { optimizer, index } = work;
    let count = 0;
    let failure: Error | null = null;
    try {
      for (; count < most; count++) {
        await optimizer.step();
        if (this.#runtime.backend === 'wasm') this.#tally.note(await optimizer.flush(), index);
      }
    } catch (error) {
      failure = error as Error;
    }
    // Those that were taken before it count.
    this.#tally.note(await optimizer.flush(), index);
    work.taken += count;
    this.#tally.steps += count;
    if (failure && !(failure instanceof CancelledError)) throw failure;
    return count;
  }

  /** Through the gate; if it is closed, a checkpoint first. */
  async #pass(work: Work): Promise<void> {
    const gate = this.#options.gate?.();
    if (!gate) return;
    const closed = await Promise.race([gate.then(() => false), settled()]);
    if (closed && this.#tally.steps > 0) await this.#checkpoint(work, true);
    await gate;
  }

  /** Hands out a checkpoint if it is time, or at once; never two of the same moment. */
  async #checkpoint({ optimizer, index, scale, tiled, taken }: Work, now: boolean): Promise<void> {
    const { checkpointEvery = 0, onCheckpoint } = this.#options;
    if (checkpointEvery === 0 || !onCheckpoint || this.#checkpointed === this.#tally.steps) return;
    // Of a large picture, writing it takes its time.
    const least = tiled
      ? Math.max(checkpointEvery, scale.width * scale.height * PIXEL_MS)
      : checkpointEvery;
    if (!now && performance.now() - this.#lastCheckpoint < least) return;
    onCheckpoint({
      version: CHECKPOINT_VERSION,
      optimizer: this.#settings.optimizer,
      mask: this.#mask,
      scales: this.#tally.scales,
      scale: index,
      taken,
      steps: this.#tally.steps,
      losses: [...this.#tally.losses],
      stepMs: this.#tally.stepMs,
      setupMs: this.#tally.setupMs,
      state: await optimizer.snapshot(),
    });
    this.#checkpointed = this.#tally.steps;
    this.#lastCheckpoint = performance.now();
  }

  /** RGB 0..1. A run without step control, like the reference programs, ends where it ends. */
  async result(optimizer: Optimizer): Promise<Float32Array> {
    const settings = this.#settings;
    const keepBest =
      (settings.stepControl && averagingOf(settings) === 0) || this.#options.signal?.aborted;
    const values = await (keepBest ? optimizer.best() : optimizer.image());
    return values.map((value) => Math.min(1, Math.max(0, value / settings.pixelRange)));
  }

  /** RGB planes 0..1 as people see them. */
  shown(rgb: Float32Array, content: Planes): Pixels {
    return toPixels(this.#colours.shown(rgb, content), content);
  }

  async #preview({ optimizer, index, content }: Work, last: boolean): Promise<void> {
    const every = this.#options.previewEvery ?? 0;
    const due = every > 0 && (last || performance.now() - this.#lastPreview >= every);
    if (!due) {
      this.#tally.report('painting', index);
      return;
    }
    const range = this.#settings.pixelRange;
    const image = await optimizer.image();
    const rgb = image.map((value) => value / range);
    this.#tally.report('painting', index, this.shown(rgb, content));
    this.#lastPreview = performance.now();
  }
}

const diverged = () =>
  new DivergedError(
    'the run did not converge: no loss is a finite number',
    'Choose smaller weights or a lower learning rate.',
  );

/** Settles, as true, after whatever has settled already. */
async function settled(): Promise<true> {
  for (let i = 0; i < 3; i++) await Promise.resolve();
  return true;
}
