/** onnxruntime-web in the one build that this browser needs; the others are never fetched. */
import asyncifyGlue from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import asyncifyWasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import jspiGlue from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url';
import jspiWasm from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';
import plainGlue from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import plainWasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { BackendUnavailableError, ComputeError } from '../engine/errors.ts';
import { explain, type Ort, type Runtime } from '../engine/runtime/runtime.ts';
import { WasmRuntime } from '../engine/runtime/wasm.ts';
import { WebGpuRuntime } from '../engine/runtime/webgpu.ts';
import { buildFor, type BuildName } from './build.ts';
import type { Capabilities } from './contract.ts';

interface Build {
  readonly load: () => Promise<unknown>;
  /** Threads start from this file, so it has to stay one of its own. */
  readonly glue: string;
  readonly wasm: string;
}

const BUILDS = {
  /** 14 MB: no GPU. */
  plain: { load: () => import('onnxruntime-web/wasm'), glue: plainGlue, wasm: plainWasm },
  /** 17 MB: WebGPU by JavaScript Promise Integration, Chrome 137 and later. */
  jspi: { load: () => import('onnxruntime-web/jspi'), glue: jspiGlue, wasm: jspiWasm },
  /** 27 MB: WebGPU everywhere else. */
  asyncify: {
    load: () => import('onnxruntime-web/webgpu'),
    glue: asyncifyGlue,
    wasm: asyncifyWasm,
  },
} as const satisfies Record<BuildName, Build>;

/** @throws BackendUnavailableError */
export async function openRuntime(capabilities: Capabilities): Promise<Runtime> {
  const { load, glue, wasm } = BUILDS[buildFor(capabilities.backend)];
  try {
    const ort = (await load()) as Ort;
    // Absolute, as the glue is imported from a file in another place.
    const absolute = (url: string) => new URL(url, import.meta.url).href;
    ort.env.wasm.wasmPaths = { mjs: absolute(glue), wasm: absolute(wasm) };
    ort.env.wasm.numThreads = capabilities.threads;
    ort.env.logLevel = 'error';
    if (capabilities.backend === 'wasm') {
      const runtime = new WasmRuntime(ort);
      await runtime.start();
      return runtime;
    }
    return await WebGpuRuntime.create(ort, navigator.gpu);
  } catch (error) {
    const known = explain(error);
    if (!(known instanceof ComputeError)) throw known;
    throw new BackendUnavailableError(
      `the runtime did not load: ${error instanceof Error ? error.message : String(error)}`,
      'Check the connection and try again.',
      { cause: error },
    );
  }
}
