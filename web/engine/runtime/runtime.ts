import type * as OrtModule from 'onnxruntime-web';
import type { Graph } from '../graph/graph.ts';
import type { MemoryPlan } from './memory.ts';
import {
  CancelledError,
  ComputeError,
  DeviceLostError,
  OutOfMemoryError,
  RestyleError,
} from '../errors.ts';

/** One of onnxruntime-web's builds; which one is the host's business. */
export type Ort = typeof OrtModule;

export type BackendKind = 'wasm' | 'webgpu';

/** Float32 tensors by graph input or output name. Dims are the graph's. */
export type Arrays = Record<string, Float32Array>;

/** What is held at this moment; tests check that it returns to zero. */
export interface Counters {
  sessions: number;
  buffers: number;
  /** GPU bytes now and at most, runtime's own included; 0 on wasm, which cannot see its heap. */
  bytes: number;
  peakBytes: number;
}

/** A place where graphs run. */
export interface Runtime {
  readonly backend: BackendKind;
  /** For people: adapter or number of threads. */
  readonly description: string;
  /** Storage and arithmetic in 16 bit floats. */
  readonly halfPrecision: boolean;
  /** Largest tensor in bytes. */
  readonly maxTensorBytes: number;
  readonly counters: Readonly<Counters>;
  /** The memory that graphs take here as they are run, loaded at once and run by turns. */
  plan(...graphs: readonly Graph[]): MemoryPlan;
  /** Runs a graph once. */
  evaluate(graph: Graph, feeds: Arrays): Promise<Arrays>;
  /**
   * Prepares a graph for many runs, or for a few: then it is ready sooner, and each run may take longer.
   *
   * @param state [input, output] names, the output feeding the input of the next run
   * @param memory inputs that stay as they are until a row is written
   */
  load(
    graph: Graph,
    state: readonly StatePair[],
    memory?: readonly string[],
    runs?: 'many' | 'few',
  ): Promise<Program>;
  dispose(): Promise<void>;
}

export type StatePair = readonly [input: string, output: string];

/** A graph with state that stays where it is computed. */
export interface Program {
  /**
   * One run. Outputs that are not state come back through `read`, which may be called later; the new state
   * counts from `commit()` on, so a run that is not committed was a trial.
   */
  run(controls: Arrays): Promise<Readout>;
  commit(): void;
  /** Writes a state input. */
  set(input: string, values: Float32Array): void;
  /** Makes state input `to` a copy of `from`. Both have the same dims. */
  copy(from: string, to: string): Promise<void>;
  /** Writes state `from` into row `row` of the memory `to`, whose first dim counts rows. */
  copyRow(from: string, to: string, row: number): Promise<void>;
  get(input: string): Promise<Float32Array>;
  dispose(): void;
}

/** `Runtime.evaluate` for every backend: loads, runs, lets go. */
export async function evaluateOnce(
  runtime: Pick<Runtime, 'load'>,
  graph: Graph,
  feeds: Arrays,
): Promise<Arrays> {
  const program = await runtime.load(graph, []);
  try {
    return await (await program.run(feeds)).read();
  } finally {
    program.dispose();
  }
}

export interface Readout {
  read(): Promise<Arrays>;
}

const SMALLER = 'Choose a smaller size or a lite network, or close other tabs that use the GPU.';

/** The runtime's own words as one of our errors. */
export function explain(error: unknown): RestyleError {
  if (error instanceof RestyleError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (
    /out of memory|bad_alloc|bad allocation|failed to allocate|allocation failed|Cannot enlarge memory|exceeds the max/i.test(
      text,
    )
  ) {
    return outOfMemory(error);
  }
  if (/device.*(lost|destroyed)|(lost|destroyed).*device/i.test(text)) return deviceLost(error);
  return new ComputeError(
    `the runtime failed: ${text}`,
    'Try the other backend or another network.',
    {
      cause: error,
    },
  );
}

export function outOfMemory(cause: unknown): OutOfMemoryError {
  return new OutOfMemoryError('the device has not enough memory for this picture', SMALLER, {
    cause,
  });
}

export function deviceLost(cause: unknown): DeviceLostError {
  return new DeviceLostError(
    'the GPU was taken away',
    'Start again; if it happens often, choose a smaller size.',
    { cause },
  );
}

/** Throws CancelledError if the signal was aborted. */
export function checkCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CancelledError();
}

/** Runs tasks one after the other: onnxruntime-web initialises once, and not twice at the same time. */
export class Queue {
  #last: Promise<unknown> = Promise.resolve();

  add<T>(task: () => Promise<T>): Promise<T> {
    const next = this.#last.then(task, task);
    this.#last = next.catch(() => undefined);
    return next;
  }
}
