/** What gives a page SharedArrayBuffer, and with it WebAssembly its threads. */
export const ISOLATION_HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/**
 * The page's content security policy: in the server's headers, and in the page itself for hosts that send none.
 * `frame-ancestors` is not here, as only a header can say it.
 */
export const PAGE_POLICY: readonly string[] = [
  "default-src 'none'",
  // 'wasm-unsafe-eval': WebAssembly has to be compiled.
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "connect-src 'self' blob: data:",
  "img-src 'self' blob: data:",
  "style-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
];
