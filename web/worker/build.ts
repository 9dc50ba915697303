/** onnxruntime-web comes in three builds; a browser ever uses one, two at most. */
export type BuildName = 'plain' | 'jspi' | 'asyncify';

export function buildFor(backend: 'wasm' | 'webgpu'): BuildName {
  if (backend === 'wasm') return 'plain';
  return 'Suspending' in WebAssembly ? 'jspi' : 'asyncify';
}
