import type { InferenceSession, Tensor } from 'onnxruntime-web';
import { BackendUnavailableError, type DeviceLostError } from '../errors.ts';
import type { Graph, Value } from '../graph/graph.ts';
import { lower } from '../lowering/index.ts';
import { serialize } from '../onnx/serialize.ts';
import { bytesOfValue, checkFits, planMemory, type MemoryPlan } from './memory.ts';
import {
  deviceLost,
  evaluateOnce,
  explain,
  outOfMemory,
  Queue,
  type Arrays,
  type Counters,
  type Ort,
  type Program,
  type Readout,
  type Runtime,
  type StatePair,
} from './runtime.ts';

/** Limits worth raising from WebGPU's defaults (128 MiB a binding, 256 MiB a buffer) to what the adapter has. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBuffersPerShaderStage',
] as const;

const FEATURES = ['shader-f16', 'subgroups', 'timestamp-query'] as const;

/** Everything on the GPU: state stays in buffers of ours, two a state value, used in turn. */
export class WebGpuRuntime implements Runtime {
  readonly backend = 'webgpu';
  readonly description: string;
  readonly halfPrecision: boolean;
  readonly maxTensorBytes: number;
  readonly counters: Counters;
  readonly #ort: Ort;
  readonly #plain: boolean;
  readonly #device: GPUDevice;
  readonly #queue = new Queue();
  #lost: DeviceLostError | undefined;

  private constructor(ort: Ort, device: GPUDevice, counters: Counters, plain: boolean) {
    this.#plain = plain;
    this.#ort = ort;
    this.#device = device;
    this.counters = counters;
    const { vendor, architecture, description } = device.adapterInfo;
    this.description = `WebGPU, ${description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter'}`;
    this.halfPrecision = device.features.has('shader-f16');
    this.maxTensorBytes = Math.min(
      device.limits.maxStorageBufferBindingSize,
      device.limits.maxBufferSize,
    );
    void device.lost.then((info) => {
      if (info.reason !== 'destroyed') this.#lost = deviceLost(info.message);
    });
  }

  /** Asks for the fastest adapter with all that it has. Throws BackendUnavailableError. */
  static async create(ort: Ort, gpu: GPU, plain = false): Promise<WebGpuRuntime> {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) {
      throw new BackendUnavailableError(
        'WebGPU found no graphics adapter',
        'Update the browser or its graphics driver.',
      );
    }
    const limits = Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]]));
    const features = FEATURES.filter((name) => adapter.features.has(name));
    const device = await adapter.requestDevice({
      requiredLimits: limits,
      requiredFeatures: features,
    });
    const counters: Counters = { sessions: 0, buffers: 0, bytes: 0, peakBytes: 0 };
    countBytes(device, counters);
    return new WebGpuRuntime(ort, device, counters, plain);
  }

  plan(graph: Graph): MemoryPlan {
    return planMemory(this.#lower(graph));
  }

  #lower(graph: Graph): Graph {
    return lower(graph, { backend: this.backend, plain: this.#plain });
  }

  evaluate(graph: Graph, feeds: Arrays): Promise<Arrays> {
    return evaluateOnce(this, graph, feeds);
  }

  async load(
    graph: Graph,
    state: readonly StatePair[],
    memory: readonly string[] = [],
  ): Promise<Program> {
    const lowered = this.#lower(graph);
    checkFits(lowered, this.maxTensorBytes);
    return this.watchMemory(async () => {
      const session = await this.#queue.add(() =>
        this.#ort.InferenceSession.create(serialize(lowered), {
          executionProviders: [
            { name: 'webgpu', device: this.#device, storageBufferCacheMode: 'simple' },
          ],
          preferredOutputLocation: 'gpu-buffer',
          graphOptimizationLevel: 'all',
        }),
      );
      this.counters.sessions++;
      return new WebGpuProgram(this.#ort, this.#device, session, graph, state, memory, this);
    });
  }

  /** Runs a task; what goes wrong becomes one of our errors. */
  async guard<T>(task: () => Promise<T>): Promise<T> {
    try {
      if (this.#lost) throw this.#lost;
      return await task();
    } catch (error) {
      throw this.#lossOf() ?? explain(error);
    }
  }

  /** The same for a task that allocates. Asking for the GPU's verdict takes a round trip to its process. */
  watchMemory<T>(task: () => Promise<T>): Promise<T> {
    return this.guard(async () => {
      this.#device.pushErrorScope('out-of-memory');
      const [outcome] = await Promise.allSettled([task()]);
      const problem = await this.#device.popErrorScope().catch(() => null);
      if (problem) throw outOfMemory(problem.message);
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
  }

  /** Set by the device, at any moment. */
  #lossOf(): DeviceLostError | undefined {
    return this.#lost;
  }

  dispose(): Promise<void> {
    this.#device.destroy();
    return Promise.resolve();
  }
}

/** Counts the bytes of all buffers of a device, onnxruntime's own included. */
function countBytes(device: GPUDevice, counters: Counters): void {
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    let alive = true;
    counters.bytes += descriptor.size;
    counters.peakBytes = Math.max(counters.peakBytes, counters.bytes);
    buffer.destroy = () => {
      if (alive) counters.bytes -= descriptor.size;
      alive = false;
      destroy();
    };
    return buffer;
  };
}

interface Slot {
  readonly value: Value;
  /** Null for memory, which no run writes. */
  readonly output: string | null;
  /** Current and next; swapped by `commit`. Memory has the current only. */
  readonly buffers: GPUBuffer[];
}

class WebGpuProgram implements Program {
  readonly #ort: Ort;
  readonly #device: GPUDevice;
  readonly #session: InferenceSession;
  readonly #runtime: WebGpuRuntime;
  readonly #inputs: ReadonlyMap<string, Value>;
  readonly #slots = new Map<string, Slot>();
  #ran = false;

  constructor(
    ort: Ort,
    device: GPUDevice,
    session: InferenceSession,
    graph: Graph,
    pairs: readonly StatePair[],
    memory: readonly string[],
    runtime: WebGpuRuntime,
  ) {
    this.#ort = ort;
    this.#device = device;
    this.#session = session;
    this.#runtime = runtime;
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
