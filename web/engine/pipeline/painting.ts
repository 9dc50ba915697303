import { CancelledError, OutOfMemoryError } from '../errors.ts';
import type { OptimizerState } from '../optimizers/state.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { checkCheckpoint } from './checkpoint.ts';
import { planColours, type ColourPlan } from './colourPlan.ts';
import { choosePrecision, type ChosenPrecision } from './half.ts';
import { chooseLayers, type ChosenLayers } from './layers.ts';
import { fitLongSide, toPlanes, type Planes } from './pixels.ts';
import { prepare, styleSize, type Finished, type Place } from './prepare.ts';
import { Masking } from './regions/masking.ts';
import type { StylizeOptions, StylizeResult } from './progress.ts';
import type { StylizeRequest } from './request.ts';
import { resample } from './resample.ts';
import { planScales, type Scale } from './schedule.ts';
import { Stepping, type Work } from './stepping.ts';
import { Tally } from './tally.ts';
import { measureUnits, type Units } from './targets.ts';
import { tooThin } from './thin.ts';
import type { Eye } from './tiled/passes.ts';
import { planStep, type Plan } from './tiled/plan.ts';

/** Longest side at which activations are measured for their unit. */
const UNIT_SIDE = 512;

/** Where an interrupted scale goes on. */
interface Left {
  readonly state: OptimizerState;
  readonly taken: number;
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
  readonly #stepping: Stepping;
  readonly #masking: Masking;
  #units: Units | undefined;

  constructor(runtime: Runtime, request: StylizeRequest, options: StylizeOptions) {
    const { settings, content, styles } = request;
    this.#runtime = runtime;
    this.#request = request;
    this.#options = options;
    this.#layers = chooseLayers(request.network, settings);
    this.#precision = choosePrecision(runtime, settings.precision);
    this.#content = toPlanes(content);
    const pictures = styles.map(({ pixels, weight }) => ({ planes: toPlanes(pixels), weight }));
    this.#masking = new Masking(request.mask, request.network, this.#layers);
    this.#colours = this.#masking.over(planColours(settings.colours, this.#content, pictures));
    this.#scales = this.#usableScales();
    this.#tally = new Tally(this.#scales, options.onProgress);
    this.#stepping = new Stepping(
      ...([runtime, request, options, this.#colours, this.#masking.text] as const),
      this.#tally,
    );
    if (!options.resume) return;
    checkCheckpoint(options.resume, settings, this.#scales, this.#masking.text);
    this.#tally.takeUp(options.resume);
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
        ...styleSize(pixels, Math.max(width, height), settings.styleScale),
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
      image: this.#stepping.shown(full.data, resample(this.#content, width, height)),
      losses: this.#tally.losses,
      bestStep: this.#tally.bestStep,
      finished: this.#tally.steps === this.#request.settings.steps,
      msPerStep: this.#tally.msPerStep,
      setupMs: this.#tally.setupMs,
      notes: [...this.#layers.notes, ...this.#precision.notes],
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
    const optimizer = await prepare(await this.#place(plan, index), before, left?.state);
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
      await this.#stepping.take(work);
      const image = { width, height, channels: 3, data: await this.#stepping.result(optimizer) };
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

  async #place({ side }: Plan, index: number): Promise<Place> {
    const tally = this.#tally;
    const course = {
      signal: this.#options.signal,
      onTile: (done: number, total: number) =>
        tally.report('painting', index, undefined, { done, total }),
    };
    return {
      runtime: this.#runtime,
      request: this.#request,
      colours: this.#colours,
      masking: this.#masking,
      eye: await this.#look(index),
      size: this.#scales[index]!,
      side,
      first: tally.steps === 0,
      course,
    };
  }

  /** `inPieces`: it was tried in one piece. */
  async #plan(index: number, inPieces = false): Promise<Plan> {
    const eye = await this.#look(index);
    return planStep(this.#runtime, eye, this.#scales[index]!, this.#options.memoryBudget, inPieces);
  }

  async #look(index: number): Promise<Eye> {
    const { settings, network } = this.#request;
    const [runtime, layers] = [this.#runtime, this.#layers];
    const { half } = this.#precision;
    // Of the coarsest size, wherever a run begins or goes on: one unit for all sizes.
    this.#units ??= await measureUnits(runtime, network, layers, settings, this.#coarsest(), half);
    const [size, { seen }] = [this.#scales[index]!, this.#colours];
    const scope = this.#masking.scopeAt(size, seen, settings.pixelRange);
    return { network, layers, settings, units: this.#units, half, scope };
  }

  /** What the network sees at the first of the sizes, or at one that fits anywhere. */
  #coarsest(): Planes {
    const first = this.#scales[0]!;
    const long = Math.min(Math.max(first.width, first.height), UNIT_SIDE);
    const { width, height } = fitLongSide(first.width, first.height, long);
    return resample(this.#colours.seen, width, height);
  }
}
