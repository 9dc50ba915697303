import type { InferenceSession, Tensor } from 'onnxruntime-web';
import type { Graph, Value } from '../graph/graph.ts';
import { bytesOfValue } from './memory.ts';
import type { Arrays, Counters, Ort, Program, Readout, StatePair } from './runtime.ts';

/** What a program needs of its runtime. */
interface Owner {
  readonly counters: Counters;
  /** Runs a task; what goes wrong becomes one of our errors. */
  guard<T>(task: () => Promise<T>): Promise<T>;
  /** The same for a task that allocates. */
  watchMemory<T>(task: () => Promise<T>): Promise<T>;
}

interface Slot {
  readonly value: Value;
  /** Null for memory, which no run writes. */
  readonly output: string | null;
  /** Current and next; swapped by `commit`. Memory has the current only. */
  readonly buffers: GPUBuffer[];
}

/** Its state stays in buffers of ours, two a state value, used in turn. */
export class WebGpuProgram implements Program {
  readonly #runtime: Owner;
  readonly #ort: Ort;
  readonly #device: GPUDevice;
  readonly #session: InferenceSession;
  readonly #inputs: ReadonlyMap<string, Value>;
  readonly #slots = new Map<string, Slot>();
  #ran = false;

  constructor(
    runtime: Owner,
    ort: Ort,
    device: GPUDevice,
    session: InferenceSession,
    graph: Graph,
    pairs: readonly StatePair[],
    memory: readonly string[],
  ) {
    this.#runtime = runtime;
    this.#ort = ort;
    this.#device = device;
    this.#session = session;
    this.#inputs = new Map(graph.inputs.map((value) => [value.name, value]));
    for (const [input, output] of pairs) {
      const value = this.#inputs.get(input)!;
      this.#slots.set(input, {
        value,
        output,
        buffers: [this.#buffer(value), this.#buffer(value)],
      });
    }
    for (const input of memory) {
      const value = this.#inputs.get(input)!;
      this.#slots.set(input, { value, output: null, buffers: [this.#buffer(value)] });
    }
  }

  #buffer(value: Value): GPUBuffer {
    this.#runtime.counters.buffers++;
    const size = Math.ceil(bytesOfValue(value) / 16) * 16;
    return this.#device.createBuffer({
      size,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
  }

  #gpuTensor({ value }: Slot, buffer: GPUBuffer): Tensor {
    return this.#ort.Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims: value.dims });
  }

  run(controls: Arrays): Promise<Readout> {
    // The first run allocates everything that later ones use again.
    const first = !this.#ran;
    this.#ran = true;
    const task = () => this.#start(controls);
    return first ? this.#runtime.watchMemory(task) : this.#runtime.guard(task);
  }

  async #start(controls: Arrays): Promise<Readout> {
    const feeds: Record<string, Tensor> = {};
    const fetches: Record<string, Tensor | null> = Object.fromEntries(
      this.#session.outputNames.map((name) => [name, null]),
    );
    for (const [input, slot] of this.#slots) {
      const [current, next] = slot.buffers;
      feeds[input] = this.#gpuTensor(slot, current!);
      if (slot.output) fetches[slot.output] = this.#gpuTensor(slot, next!);
    }
    for (const [name, values] of Object.entries(controls)) {
      const value = this.#inputs.get(name);
      if (value) feeds[name] = new this.#ort.Tensor('float32', values, value.dims);
    }
    const results = await this.#session.run(feeds, fetches);
    const states = new Set([...this.#slots.values()].map((slot) => slot.output));
    const open = Object.entries(results).filter(([name]) => !states.has(name));
    return { read: () => this.#runtime.guard(() => download(open)) };
  }

  commit(): void {
    for (const { buffers } of this.#slots.values()) buffers.reverse();
  }

  set(input: string, values: Float32Array): void {
    const data = new Float32Array(values);
    this.#device.queue.writeBuffer(this.#slots.get(input)!.buffers[0]!, 0, data);
  }

  copy(from: string, to: string): Promise<void> {
    return this.copyRow(from, to, 0);
  }

  copyRow(from: string, to: string, row: number): Promise<void> {
    const [source, target] = [this.#slots.get(from)!, this.#slots.get(to)!];
    const bytes = bytesOfValue(source.value);
    const encoder = this.#device.createCommandEncoder();
    encoder.copyBufferToBuffer(source.buffers[0]!, 0, target.buffers[0]!, row * bytes, bytes);
    this.#device.queue.submit([encoder.finish()]);
    return Promise.resolve();
  }

  get(input: string): Promise<Float32Array> {
    const slot = this.#slots.get(input)!;
    return this.#runtime.guard(async () => {
      const size = Math.ceil(bytesOfValue(slot.value) / 4) * 4;
      const staging = this.#device.createBuffer({
        size,
        usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
      });
      const encoder = this.#device.createCommandEncoder();
      encoder.copyBufferToBuffer(slot.buffers[0]!, 0, staging, 0, size);
      this.#device.queue.submit([encoder.finish()]);
      try {
        await staging.mapAsync(GPUMapMode.READ);
        return new Float32Array(staging.getMappedRange().slice(0));
      } finally {
        staging.destroy();
      }
    });
  }

  dispose(): void {
    const { counters } = this.#runtime;
    for (const { buffers } of this.#slots.values()) {
      for (const buffer of buffers) buffer.destroy();
      counters.buffers -= buffers.length;
    }
    this.#slots.clear();
    counters.sessions--;
    void this.#session.release();
  }
}

async function download(open: readonly (readonly [string, Tensor])[]): Promise<Arrays> {
  const entries = open.map(async ([name, tensor]) => {
    const data = (await tensor.getData(true)) as Float32Array;
    return [name, data] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
