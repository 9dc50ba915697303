import type { InferenceSession, Tensor } from 'onnxruntime-web';
import { heapBytes, MEMORY_BUDGETS } from '../../../shared/memory.ts';
import { GraphBuilder } from '../graph/builder.ts';
import type { Graph, Value } from '../graph/graph.ts';
import { lower } from '../lowering/index.ts';
import { serialize } from '../onnx/serialize.ts';
import { sizeOf } from '../graph/tensor.ts';
import { planMemory, planTogether, type MemoryPlan } from './memory.ts';
import {
  evaluateOnce,
  explain,
  Queue,
  type Arrays,
  type Counters,
  type Ort,
  type Program,
  type Readout,
  type Runtime,
  type StatePair,
} from './runtime.ts';

/** 4 GiB is the end of a wasm heap; one tensor may take what the rest leaves. */
const MAX_TENSOR_BYTES = 2 ** 31;

export interface WasmOptions {
  /** Graphs are run as they are written, without lowering. */
  readonly plain?: boolean;
  /** The runtime, too, leaves them alone: nothing is merged or fused. For timing single nodes. */
  readonly verbatim?: boolean;
}

/** Everything on the CPU through WebAssembly; tensors live in JavaScript between runs. */
export class WasmRuntime implements Runtime {
  readonly backend = 'wasm';
  readonly halfPrecision = false;
  readonly maxTensorBytes = MAX_TENSOR_BYTES;
  readonly counters: Counters = { sessions: 0, buffers: 0, bytes: 0, peakBytes: 0 };
  readonly description: string;
  readonly #ort: Ort;
  readonly #options: WasmOptions;
  readonly #queue = new Queue();

  constructor(ort: Ort, options: WasmOptions = {}) {
    this.#ort = ort;
    this.#options = options;
    const threads = ort.env.wasm.numThreads ?? 1;
    this.description = `WebAssembly, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  }

  /** Compiles the runtime's own code, which the first graph would wait for otherwise. Throws what the runtime throws. */
  async start(): Promise<void> {
    const b = new GraphBuilder();
    b.output(b.add(b.input('x', [1]), 1), 'y');
    const session = await this.#open(b.build(), 'disabled');
    await session.release();
  }

  plan(...graphs: readonly Graph[]): MemoryPlan {
    const plan = planTogether(
      graphs.map((graph) => planMemory(this.#lower(graph))),
      false,
    );
    return { ...plan, peakBytes: heapBytes(plan.peakBytes, plan.madeBytes) };
  }

  #plain(graph: Graph): Graph {
    return lower(graph, { backend: this.backend, plain: true });
  }

  /** What is rewritten for speed takes more memory, and is left where there is no room for it. */
  #lower(graph: Graph): Graph {
    const plain = this.#plain(graph);
    if (this.#options.plain) return plain;
    const { numThreads: threads = 1 } = this.#ort.env.wasm;
    const fast = lower(graph, { backend: this.backend, threads });
    const { peakBytes, madeBytes } = planMemory(fast);
    return heapBytes(peakBytes, madeBytes) <= MEMORY_BUDGETS.wasm.whole ? fast : plain;
  }

  #open(graph: Graph, graphOptimizationLevel: 'disabled' | 'all'): Promise<InferenceSession> {
    const options = { executionProviders: ['wasm'], graphOptimizationLevel };
    return this.#queue.add(() => this.#ort.InferenceSession.create(serialize(graph), options));
  }

  evaluate(graph: Graph, feeds: Arrays): Promise<Arrays> {
    return evaluateOnce(this, graph, feeds);
  }

  async load(
    graph: Graph,
    state: readonly StatePair[],
    memory: readonly string[] = [],
    runs: 'many' | 'few' = 'many',
  ): Promise<Program> {
    try {
      const lowered = runs === 'many' ? this.#lower(graph) : this.#plain(graph);
      const session = await this.#open(lowered, this.#options.verbatim ? 'disabled' : 'all');
      this.counters.sessions++;
      return new WasmProgram(this.#ort, session, graph, state, memory, this.counters);
    } catch (error) {
      throw explain(error);
    }
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}

class WasmProgram implements Program {
  readonly #ort: Ort;
  readonly #session: InferenceSession;
  readonly #inputs: ReadonlyMap<string, Value>;
  readonly #pairs: readonly StatePair[];
  readonly #counters: Counters;
  readonly #state = new Map<string, Tensor>();
  readonly #next = new Map<string, Tensor>();

  constructor(
    ort: Ort,
    session: InferenceSession,
    graph: Graph,
    pairs: readonly StatePair[],
    memory: readonly string[],
    counters: Counters,
  ) {
    this.#ort = ort;
    this.#session = session;
    this.#inputs = new Map(graph.inputs.map((value) => [value.name, value]));
    this.#pairs = pairs;
    this.#counters = counters;
    for (const input of [...pairs.map(([name]) => name), ...memory]) {
      const size = sizeOf(this.#inputs.get(input)!.dims);
      this.#state.set(input, this.#tensor(input, new Float32Array(size)));
      counters.buffers++;
    }
  }

  #tensor(name: string, values: Float32Array): Tensor {
    return new this.#ort.Tensor('float32', values, this.#inputs.get(name)!.dims);
  }

  async run(controls: Arrays): Promise<Readout> {
    const feeds: Record<string, Tensor> = Object.fromEntries(this.#state);
    for (const [name, values] of Object.entries(controls)) {
      if (this.#inputs.has(name)) feeds[name] = this.#tensor(name, values);
    }
    let results: InferenceSession.ReturnType;
    try {
      results = await this.#session.run(feeds);
    } catch (error) {
      throw explain(error);
    }
    const arrays: Arrays = {};
    const stateOutputs = new Map(this.#pairs.map(([input, output]) => [output, input]));
    for (const [name, tensor] of Object.entries(results)) {
      const input = stateOutputs.get(name);
      if (input) this.#next.set(input, tensor);
      else arrays[name] = tensor.data as Float32Array;
    }
    return { read: () => Promise.resolve(arrays) };
  }

  commit(): void {
    for (const [input, tensor] of this.#next) this.#state.set(input, tensor);
    this.#next.clear();
  }

  set(input: string, values: Float32Array): void {
    this.#state.set(input, this.#tensor(input, values.slice()));
  }

  copyRow(from: string, to: string, row: number): Promise<void> {
    const values = this.#state.get(from)!.data as Float32Array;
    (this.#state.get(to)!.data as Float32Array).set(values, row * values.length);
    return Promise.resolve();
  }

  copy(from: string, to: string): Promise<void> {
    this.set(to, this.#state.get(from)!.data as Float32Array);
    return Promise.resolve();
  }

  get(input: string): Promise<Float32Array> {
    return Promise.resolve((this.#state.get(input)!.data as Float32Array).slice());
  }

  dispose(): void {
    this.#counters.sessions--;
    this.#counters.buffers -= this.#state.size;
    this.#state.clear();
    this.#next.clear();
    void this.#session.release();
  }
}
