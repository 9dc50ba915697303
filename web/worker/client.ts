/** The page's end: an engine that lives in a worker, comes when needed and goes when idle. */
import { proxy, transfer, type Remote } from 'comlink';
import type {
  Answer,
  BackendWish,
  Capabilities,
  Counters,
  ModelEntry,
  NamedFile,
  WorkerApi,
  Pixels,
  Report,
  SketchOutcome,
  SketchTask,
  StylizeTask,
  StylizeOutcome,
  UpscaleTask,
  UpscaleOutcome,
} from './contract.ts';
import { CancelledError, fromFault, RestyleError } from './faults.ts';
import { startWorker, type Link } from './link.ts';

export interface EngineOptions {
  readonly wish?: BackendWish;
  /** Milliseconds a stopped run may take to end by itself. */
  readonly patience?: number;
  /** Milliseconds without a run after which the worker, and with it the GPU's memory, is let go. */
  readonly idleAfter?: number;
}

/** What a run gave when it had to be cut off: the last preview stands in for the best image. */
export interface CutShort {
  readonly image: Pixels;
  readonly finished: false;
  readonly cutShort: true;
}

export type Painted = (StylizeOutcome & { readonly cutShort?: false }) | CutShort;

export interface Engine {
  probe(): Promise<Capabilities>;
  /** Starts the runtime ahead of what it is needed for; a failure shows there. */
  open(): Promise<void>;
  /**
   * Aborting keeps the best image so far. The request's pixels move to the worker: afterwards they are empty.
   *
   * @throws RestyleError; CancelledError if there is no image yet
   */
  stylize(
    signal: AbortSignal,
    request: StylizeTask,
    onReport: (report: Report) => void,
  ): Promise<Painted>;
  /**
   * The request's pixels move to the worker, as above.
   *
   * @throws RestyleError; CancelledError if it was aborted
   */
  upscale(
    signal: AbortSignal,
    request: UpscaleTask,
    onReport: (report: Report) => void,
  ): Promise<UpscaleOutcome>;
  /**
   * The request's pixels are copied: the same ones may come again.
   *
   * @throws RestyleError; CancelledError if it was aborted
   */
  sketch(signal: AbortSignal, request: SketchTask): Promise<SketchOutcome>;
  /**
   * Keeps a network of the person's own on this device; says what it is. The files move to the worker.
   *
   * @throws RestyleError
   */
  adopt(files: readonly NamedFile[]): Promise<ModelEntry>;
  pause(): void;
  resume(): void;
  /** Ends at once what an aborted signal has not ended yet. */
  kill(): void;
  counters(): Promise<Counters | null>;
  dispose(): void;
}

const CUT = Symbol('cut');

export function createEngine(options: EngineOptions = {}): Engine {
  return new WorkerEngine(options);
}

class WorkerEngine implements Engine {
  readonly #wish: BackendWish;
  readonly #patience: number;
  readonly #idleAfter: number;
  #link: Link | null = null;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #cut: (() => void) | null = null;
  /** The run under way: whether it was aborted, and its end. */
  #current: { readonly signal: AbortSignal; readonly ended: Promise<unknown> } | null = null;

  constructor({ wish = 'auto', patience = 5000, idleAfter = 60_000 }: EngineOptions) {
    this.#wish = wish;
    this.#patience = patience;
    this.#idleAfter = idleAfter;
  }

  probe(): Promise<Capabilities> {
    return this.#ask((api) => api.probe(this.#wish));
  }

  open(): Promise<void> {
    this.#link ??= startWorker(this.#wish);
    return this.#ask((api) => api.open(this.#wish));
  }

  async #ask<T>(question: (api: Remote<WorkerApi>) => Promise<T>): Promise<T> {
    const { api, broken } = this.#reach();
    try {
      return await Promise.race([question(api), broken]);
    } catch (error) {
      // A worker that did not load will not answer a run either.
      if (!this.#cut) this.#letGo();
      throw error;
    } finally {
      this.#rest();
    }
  }

  async stylize(
    signal: AbortSignal,
    request: StylizeTask,
    onReport: (report: Report) => void,
  ): Promise<Painted> {
    let preview: Pixels | undefined;
    const listen = (report: Report) => {
      if (report.kind === 'progress') preview = report.progress.preview ?? preview;
      onReport(report);
    };
    const { content, styles, start } = request;
    const pictures = [content, ...styles.map(({ pixels }) => pixels), ...(start ? [start] : [])];
    const moved = transfer(request, buffersOf(pictures));
    const outcome = await this.#run(signal, (api) => api.stylize(this.#wish, moved, proxy(listen)));
    if (outcome !== CUT) return outcome;
    if (!preview) throw new CancelledError();
    return { image: preview, finished: false, cutShort: true };
  }

  async upscale(
    signal: AbortSignal,
    request: UpscaleTask,
    onReport: (report: Report) => void,
  ): Promise<UpscaleOutcome> {
    const moved = transfer(request, buffersOf([request.image]));
    const outcome = await this.#run(signal, (api) =>
      api.upscale(this.#wish, moved, proxy(onReport)),
    );
    if (outcome === CUT) throw new CancelledError();
    return outcome;
  }

  async sketch(signal: AbortSignal, request: SketchTask): Promise<SketchOutcome> {
    const outcome = await this.#run(signal, (api) => api.sketch(this.#wish, request));
    if (outcome === CUT) throw new CancelledError();
    return outcome;
  }

  async adopt(files: readonly NamedFile[]): Promise<ModelEntry> {
    const { api, broken } = this.#reach();
    const moved = transfer(
      files,
      files.map(({ bytes }) => bytes.buffer),
    );
    try {
      const answer = await Promise.race([api.adopt(moved), broken]);
      if (answer.ok) return answer.value;
      throw fromFault(answer.fault);
    } finally {
      this.#rest();
    }
  }

  /** One run at a time; the next waits for one that was aborted to be at its end. */
  async #run<T>(
    signal: AbortSignal,
    start: (api: Remote<WorkerApi>) => Promise<Answer<T>>,
  ): Promise<T | typeof CUT> {
    while (this.#current?.signal.aborted) await this.#current.ended;
    if (this.#current) throw new Error('the engine runs one picture at a time');
    if (signal.aborted) throw new CancelledError();
    const run = this.#answer(signal, start);
    this.#current = { signal, ended: run.catch(() => undefined) };
    try {
      return await run;
    } finally {
      this.#current = null;
    }
  }

  /** Waits for a run's answer, and no longer than it takes to cut it off once it is aborted. */
  async #answer<T>(
    signal: AbortSignal,
    start: (api: Remote<WorkerApi>) => Promise<Answer<T>>,
  ): Promise<T | typeof CUT> {
    const link = this.#reach();
    const cut = new Promise<typeof CUT>((resolve) => {
      this.#cut = () => resolve(CUT);
    });
    let patience: ReturnType<typeof setTimeout> | undefined;
    const stop = () => {
      void link.api.stop();
      patience = setTimeout(() => this.kill(), this.#patience);
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      const answer = await Promise.race([start(link.api), link.broken, cut]);
      if (answer === CUT) {
        this.#letGo();
        return CUT;
      }
      if (answer.ok) return answer.value;
      throw fromFault(answer.fault);
    } catch (error) {
      // After a failure nobody knows what is left of the runtime.
      if (!isHarmless(error)) this.#letGo();
      throw error;
    } finally {
      clearTimeout(patience);
      signal.removeEventListener('abort', stop);
      this.#cut = null;
      this.#rest();
    }
  }

  pause(): void {
    void this.#link?.api.pause();
  }

  resume(): void {
    void this.#link?.api.resume();
  }

  kill(): void {
    this.#cut?.();
  }

  async counters(): Promise<Counters | null> {
    return (await this.#link?.api.counters()) ?? null;
  }

  dispose(): void {
    this.kill();
    this.#letGo();
  }

  #reach(): Link {
    clearTimeout(this.#idle);
    this.#link ??= startWorker();
    return this.#link;
  }

  #rest(): void {
    clearTimeout(this.#idle);
    // A probe may end while a run goes on.
    if (this.#cut) return;
    this.#idle = setTimeout(() => this.#letGo(), this.#idleAfter);
  }

  #letGo(): void {
    clearTimeout(this.#idle);
    this.#link?.worker.terminate();
    this.#link = null;
  }
}

const buffersOf = (pictures: readonly Pixels[]) => pictures.map(({ data }) => data.buffer);

const isHarmless = (error: unknown) =>
  error instanceof RestyleError &&
  ['invalid-request', 'unfit-checkpoint', 'cancelled'].includes(error.kind);
