import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { ISOLATION_HEADERS, PAGE_POLICY } from './shared/policy.ts';
import { webManifest } from './web/pwa/webmanifest.ts';

/** The same policy as the server's, for hosts that cannot send it. Not in development, where Vite needs inline scripts. */
const policy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'content-security-policy', content: PAGE_POLICY.join('; ') },
      injectTo: 'head-prepend',
    },
  ],
};

const SERVICE_WORKER = fileURLToPath(new URL('web/pwa/sw.ts', import.meta.url));

const pwa = VitePWA({
  strategies: 'injectManifest',
  srcDir: dirname(SERVICE_WORKER),
  filename: basename(SERVICE_WORKER),
  manifestFilename: 'app.webmanifest',
  manifest: webManifest,
  // web/studio/app does that.
  injectRegister: false,
  includeManifestIcons: false,
  injectManifest: {
    // Everything but the networks, which web/storage keeps. Of the runtime web/pwa/runtimes.ts keeps one build only.
    globPatterns: ['**/*.{html,js,mjs,css,wasm,json,svg,png,jpg}'],
    maximumFileSizeToCacheInBytes: 2 ** 25,
  },
  integration: {
    configureCustomSWViteBuild(own) {
      own.logLevel = 'error';
      // Tests build with another NODE_ENV, in which Workbox talks a lot.
      own.define = { ...own.define, 'process.env.NODE_ENV': '"production"' };
      // The plugin asks for a single file in a way that Vite no longer likes.
      const output = { entryFileNames: 'sw.mjs', codeSplitting: false };
      own.build = { ...own.build, rolldownOptions: { input: SERVICE_WORKER, output } };
    },
  },
});

export default defineConfig({
  root: 'web',
  publicDir: '../public',
  // Relative, so that the built page also works in a sub-folder of any host.
  base: './',
  resolve: {
    // onnxruntime-web without its WebAssembly glue inside: web/worker/runtime.ts serves that as files.
    conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions],
  },
  plugins: [policy, pwa],
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
  server: { headers: ISOLATION_HEADERS, fs: { allow: ['..'] } },
  preview: { headers: ISOLATION_HEADERS },
});
