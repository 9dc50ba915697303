/** The heavy half of the worker, fetched with the first run: the engine, its runtime and the network it last used. */
import { BackendUnavailableError, CancelledError, type RestyleError } from '../engine/errors.ts';
import { FeatureNetwork } from '../engine/networks/network.ts';
import { stylize } from '../engine/pipeline/stylize.ts';
import type { Counters, Runtime } from '../engine/runtime/runtime.ts';
import { chooseBackend, surroundings, withoutGpu } from './choose.ts';
import type { BackendWish, Capabilities, ModelSource, Report, StylizeJob } from './face.ts';
import type { StylizeOutcome } from './face.ts';
import { fetchModel } from './model.ts';
import { openRuntime } from './runtime.ts';

export interface RunControls {
  readonly signal: AbortSignal;
  readonly gate: () => Promise<void>;
  readonly report: (report: Report) => void;
}

interface Opened {
  readonly runtime: Runtime;
  readonly capabilities: Capabilities;
}

export class Painter {
  #opened: Opened | undefined;
  #network: { readonly sha256: string; readonly parsed: FeatureNetwork } | undefined;

  get counters(): Counters | null {
    return this.#opened?.runtime.counters ?? null;
  }

  async paint(
    wish: BackendWish,
    job: StylizeJob,
    { signal, gate, report }: RunControls,
  ): Promise<StylizeOutcome> {
    const { runtime, capabilities } = await this.#open(wish);
    report({ kind: 'backend', capabilities });
    const network = await this.#load(job.model, signal, report);
    if (signal.aborted) throw new CancelledError();
    const result = await stylize(
      runtime,
      { content: job.content, styles: job.styles, network, settings: job.settings },
      {
        signal,
        gate,
        previewEvery: job.previewEvery,
        onProgress: (progress) => report({ kind: 'progress', progress }),
      },
    );
    return { ...result, capabilities };
  }

  /** The wish of a worker never changes: onnxruntime-web cannot start twice. */
  async #open(wish: BackendWish): Promise<Opened> {
    if (this.#opened) return this.#opened;
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

  async #load(
    model: ModelSource,
    signal: AbortSignal,
    report: RunControls['report'],
  ): Promise<FeatureNetwork> {
    const { sha256 } = model.entry;
    if (this.#network?.sha256 === sha256) return this.#network.parsed;
    this.#network = undefined;
    const bytes = await fetchModel(model, signal, (loaded, total) =>
      report({ kind: 'download', loaded, total }),
    );
    const parsed = FeatureNetwork.parse(bytes);
    this.#network = { sha256, parsed };
    return parsed;
  }
}

const isUnavailable = (error: unknown): error is RestyleError =>
  error instanceof BackendUnavailableError;
