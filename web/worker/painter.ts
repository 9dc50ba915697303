/** The heavy half of the worker, fetched with the first run: the engine, its runtime and the network it last used. */
import {
  BackendUnavailableError,
  CancelledError,
  InvalidModelError,
  type RestyleError,
} from '../engine/errors.ts';
import { FeatureNetwork } from '../engine/networks/network.ts';
import { SketchNetwork } from '../engine/networks/sketch.ts';
import { Upscaler } from '../engine/networks/upscaler.ts';
import type { SketchModels } from '../engine/pipeline/sketcher.ts';
import { stylize } from '../engine/pipeline/stylize.ts';
import { upscale } from '../engine/pipeline/upscale.ts';
import type { Counters, Runtime } from '../engine/runtime/runtime.ts';
import { chooseBackend, surroundings, withoutGpu } from './choose.ts';
import type {
  BackendWish,
  Capabilities,
  ModelSource,
  Report,
  StylizeTask,
  StylizeOutcome,
  SketchOutcome,
  SketchSources,
  SketchTask,
  UpscaleTask,
  UpscaleOutcome,
} from './contract.ts';
import { Keeper } from './keeper.ts';
import { fetchModel } from './model.ts';
import { openRuntime } from './runtime.ts';
import { SketchBook } from './sketchBook.ts';

export interface RunControls {
  readonly signal: AbortSignal;
  readonly gate: () => Promise<void>;
  readonly report: (report: Report) => void;
}

interface Opened {
  readonly runtime: Runtime;
  readonly capabilities: Capabilities;
}

/** Least milliseconds between two checkpoints. L-BFGS's hold its whole history, which takes its time to read back. */
const CHECKPOINT_EVERY = { adam: 4000, lbfgs: 20_000 } as const;

/** The model of its kind that was used last: reading one again takes a moment. */
class Shelf<T> {
  readonly #parse: (bytes: Uint8Array) => T;
  #held: { readonly sha256: string; readonly model: T } | null = null;

  constructor(parse: (bytes: Uint8Array) => T) {
    this.#parse = parse;
  }

  has({ entry }: ModelSource): boolean {
    return this.#held?.sha256 === entry.sha256;
  }

  async take(source: ModelSource, { signal, report }: RunControls): Promise<T> {
    const { sha256 } = source.entry;
    if (this.#held?.sha256 !== sha256) {
      this.#held = null;
      const bytes = await fetchModel(source, signal, (loaded, total) =>
        report({ kind: 'download', loaded, total }),
      );
      this.#held = { sha256, model: this.#parse(bytes) };
    }
    if (signal.aborted) throw new CancelledError();
    return this.#held.model;
  }
}

export class Painter {
  #opened: Opened | undefined;
  #opening: Promise<Opened> | undefined;
  readonly #networks = new Shelf((bytes) => FeatureNetwork.parse(bytes));
  readonly #upscalers = new Shelf((bytes) => Upscaler.parse(bytes));
  readonly #sketchers = new Shelf((bytes) => SketchNetwork.parse(bytes));
  /** Apart from the network that paints, so that neither drives the other out. */
  readonly #encoders = new Shelf((bytes) => FeatureNetwork.parse(bytes));
  #book: SketchBook | undefined;

  get counters(): Counters | null {
    return this.#opened?.runtime.counters ?? null;
  }

  async paint(
    wish: BackendWish,
    task: StylizeTask,
    controls: RunControls,
  ): Promise<StylizeOutcome> {
    const { report } = controls;
    const { runtime, capabilities } = await this.#openForRun(wish);
    report({ kind: 'backend', capabilities });
    const network = await this.#networks.take(task.model, controls);
    const { sketch: sources, ...given } = task;
    const sketch =
      sources && task.settings.init === 'sketch' ? await this.#startFrom(sources, controls) : null;
    const keeper =
      task.keepAs === undefined ? null : new Keeper(task.keepAs, task.model.entry.id, report);
    const last = await keeper?.last();
    let failed = true;
    try {
      const result = await stylize(
        runtime,
        { ...given, network, ...(sketch && { sketch }) },
        {
          signal: controls.signal,
          gate: controls.gate,
          previewEvery: task.previewEvery,
          ...(task.memoryBudget !== undefined && { memoryBudget: task.memoryBudget }),
          onProgress: (progress) => report({ kind: 'progress', progress }),
          ...(keeper && {
            checkpointEvery: CHECKPOINT_EVERY[task.settings.optimizer],
            onCheckpoint: (state) => {
              // A stopped run answers with its picture; writing more of it would only hold that up.
              if (!controls.signal.aborted) keeper.keep(state);
            },
          }),
          ...(last && { resume: last }),
        },
      );
      failed = false;
      return { ...result, capabilities };
    } finally {
      await keeper?.settle(failed);
    }
  }

  async enlarge(
    wish: BackendWish,
    { image, model }: UpscaleTask,
    controls: RunControls,
  ): Promise<UpscaleOutcome> {
    const { signal, report } = controls;
    const { runtime, capabilities } = await this.#openForRun(wish);
    report({ kind: 'backend', capabilities });
    const upscaler = await this.#upscalers.take(model, controls);
    const result = await upscale(
      runtime,
      { image, model: upscaler },
      { signal, onProgress: (tiles) => report({ kind: 'tiles', ...tiles }) },
    );
    return { ...result, capabilities };
  }

  async sketch(wish: BackendWish, task: SketchTask, controls: RunControls): Promise<SketchOutcome> {
    const [{ runtime, capabilities }, models] = await Promise.all([
      this.open(wish),
      this.#sketching(task.models, controls),
    ]);
    this.#book = SketchBook.for(this.#book, runtime, models);
    return { image: await this.#book.draw(task, controls.signal), capabilities };
  }

  /** A start is worth no failure: where its network cannot be fetched, a run begins from the photo. */
  async #startFrom(sources: SketchSources, controls: RunControls): Promise<SketchModels | null> {
    try {
      return await this.#sketching(sources, { ...controls, report: () => undefined });
    } catch (error) {
      if (error instanceof InvalidModelError) return null;
      throw error;
    }
  }

  async #sketching({ network, encoder }: SketchSources, controls: RunControls) {
    // Often the network that paints sees for the sketch, too.
    const encoders = this.#networks.has(encoder) ? this.#networks : this.#encoders;
    return {
      network: await this.#sketchers.take(network, controls),
      encoder: await encoders.take(encoder, controls),
    };
  }

  /** A run needs the memory that sketches hold. */
  #openForRun(wish: BackendWish): Promise<Opened> {
    this.#book?.dispose();
    this.#book = undefined;
    return this.open(wish);
  }

  /** Starts the runtime, once. The wish of a worker never changes: onnxruntime-web cannot start twice. */
  open(wish: BackendWish): Promise<Opened> {
    this.#opening ??= this.#start(wish).catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #start(wish: BackendWish): Promise<Opened> {
    const here = surroundings();
    let capabilities = await chooseBackend(wish, here);
    let runtime: Runtime;
    try {
      runtime = await openRuntime(capabilities);
    } catch (error) {
      const fallBack = wish === 'auto' && capabilities.backend === 'webgpu';
      if (!fallBack || !isUnavailable(error)) throw error;
      capabilities = withoutGpu(here);
      runtime = await openRuntime(capabilities);
    }
    this.#opened = { runtime, capabilities };
    return this.#opened;
  }
}

const isUnavailable = (error: unknown): error is RestyleError =>
  error instanceof BackendUnavailableError;
