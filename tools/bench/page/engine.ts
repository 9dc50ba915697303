import * as ort from 'onnxruntime-web/wasm';
import { WasmRuntime } from '../../../web/engine/runtime/wasm.ts';
import { prepareEngine } from '../programs/engine.ts';
import { isolated, serve, threads } from './worker.ts';

ort.env.wasm.wasmPaths = '/ort/';
ort.env.wasm.numThreads = isolated ? threads : 1;
ort.env.logLevel = 'error';
const runtime = new WasmRuntime(ort);
serve(
  (task, open) => prepareEngine(runtime, task, open),
  () => `onnxruntime-web ${ort.env.versions.web ?? ''}, ${runtime.description}`,
);
