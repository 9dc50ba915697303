/** The engine's runtime in Node: wasm always, WebGPU where the npm package `webgpu` and a Vulkan driver are. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import * as ort from 'onnxruntime-web';
import type { BackendKind, Runtime } from '../web/engine/runtime/runtime.ts';
import { WasmRuntime, type WasmOptions } from '../web/engine/runtime/wasm.ts';
import { nodeWebGpuRuntime } from './webgpu.ts';

/** A wasm runtime on `threads` threads. onnxruntime-web's own default in Node is half of the cores. */
export function wasmRuntime(threads = availableParallelism(), options: WasmOptions = {}): Runtime {
  ort.env.wasm.numThreads = Math.max(1, Math.min(threads, 8));
  ort.env.logLevel = 'error';
  return new WasmRuntime(ort, options);
}

/** @param plain graphs are run as they are written, without the passes that make them fast */
export async function openRuntime(
  backend: BackendKind,
  threads?: number,
  plain = false,
): Promise<Runtime> {
  return backend === 'webgpu' ? nodeWebGpuRuntime(plain) : wasmRuntime(threads, { plain });
}

export function versions(): Record<string, string> {
  const project = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return {
    restyle: project.version,
    'onnxruntime-web': ort.env.versions.web ?? ort.env.versions.common,
    node: process.versions.node,
  };
}
