// Typed by tfjs-api.d.ts.
export * from '@tensorflow/tfjs-core';
export { setThreadsCount, setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm';
