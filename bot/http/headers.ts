import type { FastifyInstance } from 'fastify';

/** Telegram's web clients show the page in a frame; nobody else may. */
const FRAMES = [
  "'self'",
  'https://web.telegram.org',
  'https://webk.telegram.org',
  'https://weba.telegram.org',
];

export const CONTENT_SECURITY_POLICY = [
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
  `frame-ancestors ${FRAMES.join(' ')}`,
].join('; ');

/** For every answer. Cross-origin isolation is what gives WebAssembly its threads. */
const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'permissions-policy': 'camera=(self), geolocation=(), microphone=()',
};

/** Put the security headers on every answer, errors included. */
export function addSecurityHeaders(app: FastifyInstance, https: boolean): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(HEADERS);
    if (https) reply.header('strict-transport-security', 'max-age=31536000');
    done();
  });
}
