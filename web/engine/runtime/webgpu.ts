import { BackendUnavailableError, type DeviceLostError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import { lower } from '../lowering/index.ts';
import { serialize } from '../onnx/serialize.ts';
import { checkFits, planMemory, planTogether, type MemoryPlan } from './memory.ts';
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
  type Runtime,
  type StatePair,
} from './runtime.ts';
import { WebGpuProgram } from './webgpuProgram.ts';

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

/** Everything on the GPU. */
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

  plan(...graphs: readonly Graph[]): MemoryPlan {
    const plans = graphs.map((graph) => planMemory(this.#lower(graph)));
    return planTogether(plans, true);
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
      return new WebGpuProgram(this, this.#ort, this.#device, session, graph, state, memory);
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
