import { defaultClientConditions, defineConfig } from 'vite';

/** What gives a page SharedArrayBuffer, and WebAssembly its threads; the server in bot/ sends the same. */
const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

export default defineConfig({
  root: 'web',
  publicDir: '../public',
  // Relative, so that the built page also works in a sub-folder of any host.
  base: './',
  resolve: {
    // onnxruntime-web without its WebAssembly glue inside: web/worker/runtime.ts serves that as files.
    conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions],
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  worker: { format: 'es' },
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2023',
    // The content security policy allows files, not data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The runtime's own WebAssembly is far above any sensible limit.
    chunkSizeWarningLimit: 600,
  },
  server: { headers: ISOLATION, fs: { allow: ['..'] } },
  preview: { headers: ISOLATION },
});
