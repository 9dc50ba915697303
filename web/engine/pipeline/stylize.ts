import { CancelledError } from '../errors.ts';
import { Adam } from '../optimizers/adam.ts';
import { Lbfgs } from '../optimizers/lbfgs.ts';
import type { Losses, Optimizer } from '../optimizers/optimizer.ts';
import { normal, random } from '../random.ts';
import { checkCancelled, type Runtime } from '../runtime/runtime.ts';
import { chooseLayers, type ChosenLayers } from './layers.ts';
import { makeObjective, measureTargets } from './objective.ts';
import { fitLongSide, rgbOf, toPixels, toPlanes, type Pixels, type Planes } from './pixels.ts';
import { checkRequest, type StylizeRequest } from './request.ts';
import { resample } from './resample.ts';
import { planScales, type Scale } from './schedule.ts';

export type { StylizeRequest } from './request.ts';

/** Losses of one step: at the image the step began with. */
export interface StepLosses extends Losses {
  /** From 1 to `steps`, over all scales. */
  readonly step: number;
  /** Losses of different scales do not compare. */
  readonly scale: number;
}

export interface Progress {
  readonly phase: 'preparing' | 'painting';
  readonly step: number;
  readonly steps: number;
  readonly scale: number;
  readonly scales: number;
  readonly width: number;
  readonly height: number;
  /** New since the last report. */
  readonly losses: readonly StepLosses[];
  readonly msPerStep: number;
  readonly preview?: Pixels;
}

export interface StylizeOptions {
  /** Aborting keeps the best image so far; before the first step it throws CancelledError. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Waited for between steps; a pending promise is a pause. */
  readonly gate?: () => Promise<void>;
  /** Least time between previews in milliseconds; 0: none. */
  readonly previewEvery?: number;
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

/** Losses are read about this often in milliseconds; in between, the device runs ahead. */
const FLUSH_EVERY = 200;
/** Most steps under way at once: each keeps a small buffer until it is read. */
const MAX_BATCH = 32;

/**
 * Paints `content` in the manner of `styles` (Gatys et al. 2016, CVPR), coarse to fine.
 *
 * @throws InvalidRequestError, InvalidModelError, UnsupportedOperatorError, OutOfMemoryError, DeviceLostError, CancelledError
 */
export async function stylize(
  runtime: Runtime,
  request: StylizeRequest,
  options: StylizeOptions = {},
): Promise<StylizeResult> {
  checkRequest(request);
  return new Painting(runtime, request, options).run();
}

/** One run of stylize(): what it knows and has counted. */
class Painting {
  readonly #runtime: Runtime;
  readonly #request: StylizeRequest;
  readonly #options: StylizeOptions;
  readonly #layers: ChosenLayers;
  readonly #content: Planes;
  readonly #styles: readonly { readonly planes: Planes; readonly weight: number }[];
  readonly #scales: readonly Scale[];
  readonly #losses: StepLosses[] = [];
  #steps = 0;
  #stepMs = 0;
  #setupMs = 0;
  #reported = 0;
  #lastPreview = 0;

  constructor(runtime: Runtime, request: StylizeRequest, options: StylizeOptions) {
    this.#runtime = runtime;
    this.#request = request;
    this.#options = options;
    this.#layers = chooseLayers(request.network, request.settings);
    this.#content = toPlanes(request.content);
    this.#styles = request.styles.map(({ pixels, weight }) => ({
      planes: toPlanes(pixels),
      weight,
    }));
    this.#scales = planScales(request.content.width, request.content.height, request.settings);
  }

  async run(): Promise<StylizeResult> {
    let image: Planes | undefined;
    for (const [i, scale] of this.#scales.entries()) {
      image = await this.#paintScale(i, scale, image);
      if (this.#options.signal?.aborted) break;
    }
    const { width, height } = this.#scales.at(-1)!;
    const full = resample(image!, width, height);
    return {
      image: toPixels(full.data, resample(this.#content, width, height)),
      losses: this.#losses,
      bestStep: this.#bestStep(),
      finished: this.#steps === this.#request.settings.steps,
      msPerStep: this.#stepMs / Math.max(1, this.#steps),
      setupMs: this.#setupMs,
      notes: this.#layers.notes,
    };
  }

  /** Paints at one size, from the image of the size before. Returns RGB planes. */
  async #paintScale(index: number, scale: Scale, before: Planes | undefined): Promise<Planes> {
    const { settings, network } = this.#request;
    const { signal } = this.#options;
    const { width, height } = scale;
    const started = performance.now();
    this.#report('preparing', index);
    const content = resample(this.#content, width, height);
    const styles = this.#styles.map(({ planes, weight }) => ({
      weight,
      planes: this.#styleAt(planes, Math.max(width, height)),
    }));
    const targets = await measureTargets(
      this.#runtime,
      network,
      this.#layers,
      settings,
      content,
      styles,
    );
    await breathe();
    if (this.#steps === 0) checkCancelled(signal);
    const split = this.#runtime.backend === 'webgpu';
    const objective = makeObjective(network, this.#layers, targets, settings, split);
    const start = before
      ? resample(before, width, height).data
      : this.#start(content, styles[0]!.planes);
    const range = settings.pixelRange;
    const make = settings.optimizer === 'adam' ? Adam : Lbfgs;
    const optimizer = await make.create(
      this.#runtime,
      objective,
      [1, 3, height, width],
      start.map((value) => value * range),
      { ...settings, range: settings.clamp ? [0, range] : null, split },
    );
    this.#setupMs += performance.now() - started;
    try {
      await this.#takeSteps(optimizer, index, scale, content);
      const rgb = await this.#result(optimizer);
      return { width, height, channels: 3, data: rgb };
    } finally {
      optimizer.dispose();
    }
  }

  async #takeSteps(
    optimizer: Optimizer,
    index: number,
    scale: Scale,
    content: Planes,
  ): Promise<void> {
    const { signal, gate } = this.#options;
    // The first step compiles shaders and says little about the next.
    let batch = 1;
    for (let taken = 0; taken < scale.steps && !signal?.aborted;) {
      await gate?.();
      const started = performance.now();
      const count = Math.min(batch, scale.steps - taken);
      for (let i = 0; i < count; i++) await optimizer.step();
      this.#note(await optimizer.flush(), index);
      const elapsed = performance.now() - started;
      taken += count;
      this.#steps += count;
      this.#stepMs += elapsed;
      batch = Math.min(MAX_BATCH, Math.max(1, Math.floor((FLUSH_EVERY * count) / elapsed)));
      await this.#preview(optimizer, index, content, taken === scale.steps);
      await breathe();
    }
    if (this.#steps === 0) throw new CancelledError();
  }

  #note(rows: readonly Losses[], scale: number): void {
    for (const row of rows) this.#losses.push({ step: this.#losses.length + 1, scale, ...row });
  }

  /** RGB 0..1. A run without step control, like the reference programs, ends where it ends. */
  async #result(optimizer: Optimizer): Promise<Float32Array> {
    const { settings } = this.#request;
    const keepBest =
      (settings.stepControl && settings.averaging === 0) || this.#options.signal?.aborted;
    const values = await (keepBest ? optimizer.best() : optimizer.image());
    return values.map((value) => Math.min(1, Math.max(0, value / settings.pixelRange)));
  }

  async #preview(
    optimizer: Optimizer,
    index: number,
    content: Planes,
    last: boolean,
  ): Promise<void> {
    const every = this.#options.previewEvery ?? 0;
    const due = every > 0 && (last || performance.now() - this.#lastPreview >= every);
    if (!due) {
      this.#report('painting', index);
      return;
    }
    const range = this.#request.settings.pixelRange;
    const image = await optimizer.image();
    this.#report(
      'painting',
      index,
      toPixels(
        image.map((value) => value / range),
        content,
      ),
    );
    this.#lastPreview = performance.now();
  }

  #report(phase: Progress['phase'], index: number, preview?: Pixels): void {
    const { width, height } = this.#scales[index]!;
    this.#options.onProgress?.({
      phase,
      step: this.#steps,
      steps: this.#request.settings.steps,
      scale: index,
      scales: this.#scales.length,
      width,
      height,
      losses: this.#losses.slice(this.#reported),
      msPerStep: this.#stepMs / Math.max(1, this.#steps),
      ...(preview && { preview }),
    });
    this.#reported = this.#losses.length;
  }

  /** A style is shrunk to the pastiche's size times its scale, and never enlarged. */
  #styleAt(style: Planes, longSide: number): Planes {
    const wanted = Math.round(longSide * this.#request.settings.styleScale);
    const own = Math.max(style.width, style.height);
    const { width, height } = fitLongSide(style.width, style.height, Math.min(wanted, own));
    return resample(style, width, height);
  }

  /** First image, RGB 0..1. */
  #start(content: Planes, style: Planes): Float32Array {
    const { init, seed, noise, preprocess } = this.#request.settings;
    if (init === 'content') return rgbOf(content);
    if (init === 'style') return rgbOf(resample(style, content.width, content.height));
    // Around the mean colour of the network's training pictures, as in jcjohnson/neural-style.
    const { mean, range } = preprocess ?? this.#request.network.description.preprocess;
    const gauss = normal(random(seed));
    const area = content.width * content.height;
    const pixel = (i: number) => mean[Math.floor(i / area)]! / range + noise * gauss();
    return Float32Array.from({ length: 3 * area }, (_, i) => pixel(i));
  }

  #bestStep(): number {
    const last = this.#losses.filter(({ scale }) => scale === this.#losses.at(-1)?.scale);
    return last.reduce((best, row) => (row.total < best.total ? row : best), last[0]!).step;
  }
}

/** Lets messages in (cancel, pause) between two steps of a backend that never waits. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
