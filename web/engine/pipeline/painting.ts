import { CancelledError, DivergedError, OutOfMemoryError } from '../errors.ts';
import { Adam } from '../optimizers/adam.ts';
import { Lbfgs } from '../optimizers/lbfgs.ts';
import type { Moments, Optimizer, OptimizerOptions } from '../optimizers/optimizer.ts';
import type { OptimizerState } from '../optimizers/state.ts';
import { HostAdam, HostLbfgs } from '../optimizers/whole.ts';
import { checkCancelled, type Runtime } from '../runtime/runtime.ts';
import { checkCheckpoint, CHECKPOINT_VERSION } from './checkpoint.ts';
import { planColours, type ColourPlan } from './colourPlan.ts';
import { choosePrecision, type ChosenPrecision } from './half.ts';
import { chooseLayers, type ChosenLayers } from './layers.ts';
import { makeObjective } from './objective.ts';
import { measureTargets, measureUnits, type StyleImage, type Units } from './targets.ts';
import { fitLongSide, rgbOf, toPixels, toPlanes, type Pixels, type Planes } from './pixels.ts';
import type { StylizeOptions, StylizeResult } from './progress.ts';
import type { StylizeRequest } from './request.ts';
import { resample, resampleValues } from './resample.ts';
import { planScales, type Scale } from './schedule.ts';
import { firstImage, type Beginning } from './start.ts';
import { Tally } from './tally.ts';
import { tooThin } from './thin.ts';
import { measureByTiles } from './tiled/measure.ts';
import { TiledObjective } from './tiled/objective.ts';
import type { Eye } from './tiled/passes.ts';
import { planStep, type Plan } from './tiled/plan.ts';

type Size = Pick<Planes, 'width' | 'height'>;

/** Losses are read about this often in milliseconds; in between, the device runs ahead. */
const FLUSH_EVERY = 200;
/** Most steps under way at once: each keeps a small buffer until it is read. */
const MAX_BATCH = 32;

/** Longest side at which activations are measured for their unit. */
const UNIT_SIDE = 512;

/** Where an interrupted scale goes on. */
interface Left {
  readonly state: OptimizerState;
  readonly taken: number;
}

/** Milliseconds between checkpoints for each pixel: Adam's four images at 10 MB a second. */
const PIXEL_MS = 0.005;

/** What an optimiser is working at. */
interface Work {
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

/** What one scale hands to the next. */
interface Finished {
  /** RGB 0..1. */
  readonly image: Planes;
  readonly moments: Moments | undefined;
}

/** One run of stylize(): what it knows and has counted. */
export class Painting {
  readonly #runtime: Runtime;
  readonly #request: StylizeRequest;
  readonly #options: StylizeOptions;
  readonly #layers: ChosenLayers;
  readonly #precision: ChosenPrecision;
  /** As given, for alpha and colours. */
  readonly #content: Planes;
  /** What the network sees, and what people see. */
  readonly #colours: ColourPlan;
  readonly #scales: readonly Scale[];
  readonly #tally: Tally;
  #units: Units | undefined;
  #lastPreview = 0;
  #lastCheckpoint = performance.now();
  /** Steps that the last checkpoint knows of. */
  #checkpointed = -1;

  constructor(runtime: Runtime, request: StylizeRequest, options: StylizeOptions) {
    const { settings, content, styles } = request;
    this.#runtime = runtime;
    this.#request = request;
    this.#options = options;
    this.#layers = chooseLayers(request.network, settings);
    this.#precision = choosePrecision(runtime, settings.precision);
    this.#content = toPlanes(content);
    const pictures = styles.map(({ pixels, weight }) => ({ planes: toPlanes(pixels), weight }));
    this.#colours = planColours(settings.colours, this.#content, pictures);
    this.#scales = this.#usableScales();
    this.#tally = new Tally(this.#scales, options.onProgress);
    if (!options.resume) return;
    checkCheckpoint(options.resume, settings, this.#scales);
    this.#tally.takeUp(options.resume);
    this.#checkpointed = options.resume.steps;
  }

  /** The sizes to paint at, without those that are too small for the network. */
  #usableScales(): Scale[] {
    const { settings, content, network } = this.#request;
    const scales = planScales(content.width, content.height, settings);
    const { style, content: shapes } = this.#layers;
    const sizes = scales.map(({ width, height }) => [
      { what: 'the photo', width, height, layers: [...style, ...shapes] },
      ...this.#request.styles.map(({ pixels }) => ({
        what: 'a style',
        layers: style,
        ...this.#styleSize(pixels, Math.max(width, height)),
      })),
    ]);
    const skipped = tooThin(network, sizes);
    if (skipped === 0) return scales;
    const fewer = { ...settings, scales: scales.length - skipped };
    return planScales(content.width, content.height, fewer);
  }

  async run(): Promise<StylizeResult> {
    let before: Finished | undefined;
    const first = this.#options.resume?.scale ?? 0;
    for (let index = first; index < this.#scales.length; index++) {
      try {
        before = await this.#paintScale(index, before);
      } catch (error) {
        // Stopped while the next size was prepared: the one before is worth having.
        if (!before || !(error instanceof CancelledError)) throw error;
      }
      if (this.#options.signal?.aborted) break;
    }
    const { width, height } = this.#scales.at(-1)!;
    const full = resample(before!.image, width, height);
    return {
      image: this.#shown(full.data, resample(this.#content, width, height)),
      losses: this.#tally.losses,
      bestStep: this.#tally.bestStep,
      finished: this.#tally.steps === this.#request.settings.steps,
      msPerStep: this.#tally.msPerStep,
      setupMs: this.#tally.setupMs,
      notes: [...this.#layers.notes, ...this.#precision.notes, ...this.#startNotes()],
    };
  }

  /** Paints at one size, from the image of the size before. */
  async #paintScale(index: number, before: Finished | undefined): Promise<Finished> {
    const { resume } = this.#options;
    let left = resume?.scale === index ? { state: resume.state, taken: resume.taken } : undefined;
    const begun = this.#tally.steps - (left?.taken ?? 0);
    let plan = await this.#plan(index);
    for (;;) {
      try {
        return await this.#paintBy(plan, index, before, left, (now) => (left = now));
      } catch (error) {
        const whole = error instanceof OutOfMemoryError && plan.side === null;
        const lost = this.#tally.steps > begun + (left?.taken ?? 0);
        if (!whole || lost) throw error;
        // It did not fit in one piece after all. What was painted so far goes on by tiles.
        plan = await this.#plan(index, true);
      }
    }
  }

  async #paintBy(
    plan: Plan,
    index: number,
    before: Finished | undefined,
    left: Left | undefined,
    leave: (left: Left) => void,
  ): Promise<Finished> {
    const { width, height } = this.#scales[index]!;
    const started = performance.now();
    this.#tally.report('preparing', index);
    const optimizer = await this.#prepare(plan, index, before, left?.state);
    this.#tally.setupMs += performance.now() - started;
    const content = resample(this.#content, width, height);
    const work: Work = {
      optimizer,
      index,
      scale: this.#scales[index]!,
      content,
      tiled: plan.side !== null,
      taken: left?.taken ?? 0,
    };
    try {
      await this.#takeSteps(work);
      const image = { width, height, channels: 3, data: await this.#result(optimizer) };
      const carried = this.#request.settings.carryMoments && index < this.#scales.length - 1;
      return { image, moments: carried ? await optimizer.moments?.() : undefined };
    } catch (error) {
      const going = work.taken > 0 && error instanceof OutOfMemoryError && plan.side === null;
      const state = going ? await optimizer.snapshot().catch(() => null) : null;
      if (state) leave({ state, taken: work.taken });
      throw error;
    } finally {
      optimizer.dispose();
    }
  }

  /** `inPieces`: it was tried in one piece. */
  async #plan(index: number, inPieces = false): Promise<Plan> {
    const eye = await this.#look();
    return planStep(this.#runtime, eye, this.#scales[index]!, this.#options.memoryBudget, inPieces);
  }

  async #look(): Promise<Eye> {
    const { settings, network } = this.#request;
    const [runtime, layers] = [this.#runtime, this.#layers];
    const { half } = this.#precision;
    // Of the coarsest size, wherever a run begins or goes on: one unit for all sizes.
    this.#units ??= await measureUnits(runtime, network, layers, settings, this.#coarsest(), half);
    return { network, layers, settings, units: this.#units, half };
  }

  /** Targets, step graph and first image of one size. */
  async #prepare(
    plan: Plan,
    index: number,
    before: Finished | undefined,
    state: OptimizerState | undefined,
  ): Promise<Optimizer> {
    const { settings } = this.#request;
    const { width, height } = this.#scales[index]!;
    const seen = resample(this.#colours.seen, width, height);
    const styles = this.#colours.styles.map(({ planes, weight }) => ({
      weight,
      planes: this.#styleAt(planes, Math.max(width, height)),
    }));
    const start = before
      ? resample(before.image, width, height).data
      : await this.#start(seen, styles);
    const range = settings.pixelRange;
    const options: OptimizerOptions = {
      ...settings,
      range: settings.clamp ? [0, range] : null,
      controlWindow: controlWindow(this.#runtime.backend, width * height),
    };
    const optimizer = await this.#optimizer(
      plan,
      index,
      seen,
      styles,
      start.map((value) => value * range),
      options,
    );
    try {
      if (before?.moments) optimizer.goOn?.(momentsAt(before.moments, before.image, width, height));
      if (state) optimizer.restore(state);
      return optimizer;
    } catch (error) {
      optimizer.dispose();
      throw error;
    }
  }

  async #optimizer(
    { side }: Plan,
    index: number,
    content: Planes,
    styles: readonly StyleImage[],
    start: Float32Array,
    options: OptimizerOptions,
  ): Promise<Optimizer> {
    const [runtime, eye, { signal }] = [this.#runtime, await this.#look(), this.#options];
    const { network, layers, settings, half, units } = eye;
    const { width, height } = content;
    const adam = settings.optimizer === 'adam';
    if (side === null) {
      const targets = await measureTargets(
        ...([runtime, network, layers, settings, content, styles, half, units] as const),
      );
      await breathe();
      if (this.#tally.steps === 0) checkCancelled(signal);
      const objective = makeObjective(network, layers, targets, settings, half);
      const make = adam ? Adam : Lbfgs;
      return make.create(runtime, objective, [1, 3, height, width], start, options);
    }
    const targets = await measureByTiles(runtime, eye, content, styles, side, { signal });
    const course = {
      signal,
      onTile: (done: number, total: number) =>
        this.#tally.report('painting', index, undefined, { done, total }),
    };
    const objective = new TiledObjective(runtime, eye, targets, { width, height }, side, course);
    return adam
      ? Adam.over(new HostAdam(objective, start.length, options), start, options)
      : Lbfgs.over(new HostLbfgs(objective, start.length, options), start, options);
  }

  /** What the network sees at the first of the sizes, or at one that fits anywhere. */
  #coarsest(): Planes {
    const first = this.#scales[0]!;
    const long = Math.min(Math.max(first.width, first.height), UNIT_SIDE);
    const { width, height } = fitLongSide(first.width, first.height, long);
    return resample(this.#colours.seen, width, height);
  }

  async #start(content: Planes, styles: Beginning['styles']): Promise<Float32Array> {
    const { settings, network, sketch, start } = this.#request;
    if (!start) return firstImage(this.#runtime, settings, { content, styles, network, sketch });
    return rgbOf(resample(toPlanes(start), content.width, content.height));
  }

  #startNotes(): string[] {
    const { settings, sketch, start } = this.#request;
    return settings.init === 'sketch' && !sketch && !start
      ? ['from the photo, as there is no network that sketches']
      : [];
  }

  async #takeSteps(work: Work): Promise<void> {
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
      optimizer: this.#request.settings.optimizer,
      scales: this.#scales,
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
  async #result(optimizer: Optimizer): Promise<Float32Array> {
    const { settings } = this.#request;
    const keepBest =
      (settings.stepControl && settings.averaging === 0) || this.#options.signal?.aborted;
    const values = await (keepBest ? optimizer.best() : optimizer.image());
    return values.map((value) => Math.min(1, Math.max(0, value / settings.pixelRange)));
  }

  /** RGB planes 0..1 as people see them. */
  #shown(rgb: Float32Array, content: Planes): Pixels {
    return toPixels(this.#colours.shown(rgb, content), content);
  }

  async #preview({ optimizer, index, content }: Work, last: boolean): Promise<void> {
    const every = this.#options.previewEvery ?? 0;
    const due = every > 0 && (last || performance.now() - this.#lastPreview >= every);
    if (!due) {
      this.#tally.report('painting', index);
      return;
    }
    const range = this.#request.settings.pixelRange;
    const image = await optimizer.image();
    const rgb = image.map((value) => value / range);
    this.#tally.report('painting', index, this.#shown(rgb, content));
    this.#lastPreview = performance.now();
  }

  /** A style is shrunk to the pastiche's size times its scale, and never enlarged. */
  #styleAt(style: Planes, longSide: number): Planes {
    const { width, height } = this.#styleSize(style, longSide);
    return resample(style, width, height);
  }

  #styleSize({ width, height }: Size, longSide: number): Size {
    const wanted = Math.round(longSide * this.#request.settings.styleScale);
    return fitLongSide(width, height, Math.min(wanted, Math.max(width, height)));
  }
}

const diverged = () =>
  new DivergedError(
    'the run did not converge: no loss is a finite number',
    'Choose smaller weights or a lower learning rate.',
  );

/** Small steps are over before their losses arrive, so some are under way at once; large ones are worth waiting for. */
function controlWindow(backend: Runtime['backend'], pixels: number): number {
  return backend === 'wasm' ? 1 : Math.max(1, Math.min(8, Math.floor(2 ** 18 / pixels)));
}

/**
 * Moments of the size of `image` at another size: the first by cubic interpolation; the second, which is never negative,
 * linearly (crowsonkb/style-transfer-pytorch).
 */
function momentsAt(
  { first, second, age }: Moments,
  { width, height }: Planes,
  outWidth: number,
  outHeight: number,
): Moments {
  const at = (kernel: 'cubic' | 'linear', data: Float32Array) =>
    resampleValues(kernel, { width, height, channels: 3, data }, outWidth, outHeight).data;
  return { first: at('cubic', first), second: at('linear', second), age };
}

/** Lets messages in (cancel, pause) between two steps of a backend that never waits. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Settles, as true, after whatever has settled already. */
async function settled(): Promise<true> {
  for (let i = 0; i < 3; i++) await Promise.resolve();
  return true;
}
