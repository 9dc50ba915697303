/** Which backend, and why: asked in the worker, which may see less than the page does. */
import { BackendUnavailableError } from '../engine/errors.ts';
import type { BackendReason, BackendWish, Capabilities } from './contract.ts';

/** Beyond this many threads the convolutions gain nothing more. */
const MAX_THREADS = 8;

/** What of the surroundings counts; a parameter, so that a test can be any browser. */
export interface Surroundings {
  readonly gpu: Pick<GPU, 'requestAdapter'> | undefined;
  readonly isolated: boolean;
  readonly cores: number;
}

export function surroundings(): Surroundings {
  // Browsers without WebGPU have no navigator.gpu, whatever its type says.
  const gpu = (navigator as Partial<NavigatorGPU>).gpu;
  return { gpu, isolated: crossOriginIsolated, cores: navigator.hardwareConcurrency };
}

/** @throws BackendUnavailableError if WebGPU was asked for by name and is not there. */
export async function chooseBackend(
  wish: BackendWish,
  { gpu, isolated, cores }: Surroundings,
): Promise<Capabilities> {
  const threads = isolated ? Math.max(1, Math.min(cores, MAX_THREADS)) : 1;
  const wasm = (reason: BackendReason): Capabilities => ({
    backend: 'wasm',
    reason,
    adapter: '',
    threads,
    isolated,
  });
  if (wish === 'wasm') return wasm('asked');
  const adapter = await findAdapter(gpu);
  if (wish === 'webgpu') {
    if (adapter) return webgpu(adapter, 'asked', isolated);
    throw new BackendUnavailableError(
      'this browser offers no WebGPU adapter',
      'Choose WebAssembly, or update the browser or its graphics driver.',
    );
  }
  if (!gpu) return wasm('no-webgpu');
  if (!adapter) return wasm('no-adapter');
  // A GPU played by the processor is many times slower than WebAssembly on the same processor.
  if (adapter.info.isFallbackAdapter || isSoftware(adapter.info)) return wasm('software-adapter');
  return webgpu(adapter, 'gpu', isolated);
}

/** After WebGPU turned out not to work. */
export function withoutGpu({ isolated, cores }: Surroundings): Capabilities {
  const threads = isolated ? Math.max(1, Math.min(cores, MAX_THREADS)) : 1;
  return { backend: 'wasm', reason: 'gpu-failed', adapter: '', threads, isolated };
}

async function findAdapter(gpu: Surroundings['gpu']): Promise<GPUAdapter | null> {
  try {
    return (await gpu?.requestAdapter({ powerPreference: 'high-performance' })) ?? null;
  } catch {
    // Blocklisted drivers make some browsers throw instead of answering null.
    return null;
  }
}

function webgpu({ info }: GPUAdapter, reason: BackendReason, isolated: boolean): Capabilities {
  return { backend: 'webgpu', reason, adapter: nameOf(info), threads: 1, isolated };
}

/** Browsers tell as little as they can; often only vendor and architecture. */
function nameOf({ description, vendor, architecture }: GPUAdapterInfo): string {
  return description || [vendor, architecture].filter(Boolean).join(' ');
}

const isSoftware = ({ architecture, description }: GPUAdapterInfo) =>
  /swiftshader|llvmpipe|lavapipe|basic render/i.test(`${architecture} ${description}`);
