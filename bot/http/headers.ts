import type { FastifyInstance } from 'fastify';
import { ISOLATION_HEADERS, PAGE_POLICY } from '../../shared/policy.ts';

/** Telegram's web clients show the page in a frame; nobody else may. */
const FRAMES = [
  "'self'",
  'https://web.telegram.org',
  'https://webk.telegram.org',
  'https://weba.telegram.org',
];

export const CONTENT_SECURITY_POLICY = [...PAGE_POLICY, `frame-ancestors ${FRAMES.join(' ')}`].join(
  '; ',
);

/** For every answer. */
const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  ...ISOLATION_HEADERS,
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
