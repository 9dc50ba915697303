/**
 * WebGPU in Node through Dawn (npm package `webgpu`, installed by hand: it is large) and a Vulkan driver.
 * VK_ICD_FILENAMES picks the driver.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { BackendUnavailableError } from '../web/engine/errors.ts';
import type { Ort, Runtime } from '../web/engine/runtime/runtime.ts';
import { WebGpuRuntime } from '../web/engine/runtime/webgpu.ts';

const require = createRequire(import.meta.url);

interface Dawn {
  create(flags: string[]): GPU;
  readonly globals: Record<string, unknown>;
}

async function loadDawn(): Promise<Dawn> {
  const name = 'webgpu';
  try {
    return (await import(name)) as Dawn;
  } catch (error) {
    throw new BackendUnavailableError(
      'WebGPU in Node needs the package "webgpu"',
      'Install it with `npm install --no-save webgpu`, or choose --backend wasm.',
      { cause: error },
    );
  }
}

export async function nodeWebGpuRuntime(plain = false): Promise<Runtime> {
  const dawn = await loadDawn();
  Object.assign(globalThis, dawn.globals);
  const gpu = dawn.create(['enable-dawn-features=allow_unsafe_apis']);
  Object.defineProperty(globalThis, 'navigator', {
    value: { gpu, hardwareConcurrency: 1, userAgent: 'node' },
    configurable: true,
  });
  acceptSharedBuffers();
  const ort = (await import('onnxruntime-web/webgpu')) as unknown as Ort;
  const wasm = require.resolve('onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm');
  ort.env.wasm.wasmBinary = await readFile(wasm);
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  return WebGpuRuntime.create(ort, gpu, plain);
}

/** Dawn's writeBuffer refuses views of shared memory, which a threaded wasm heap is. */
function acceptSharedBuffers(): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the queue as `this` below
  const write = GPUQueue.prototype.writeBuffer;
  GPUQueue.prototype.writeBuffer = function (buffer, offset, data, dataOffset = 0, size?) {
    const view = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);
    const unit =
      ArrayBuffer.isView(data) && 'BYTES_PER_ELEMENT' in data ? Number(data.BYTES_PER_ELEMENT) : 1;
    const from = dataOffset * unit;
    const copy = view.slice(from, size === undefined ? undefined : from + size * unit);
    write.call(this, buffer, offset, copy);
  };
}
