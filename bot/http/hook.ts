import { hkdfSync } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '../errors.ts';
import { sameSecret } from '../secrets.ts';
import { notFound } from './errors.ts';

export const HOOK_PATH = '/tg/hook';

/** What Telegram shows with every update; made from the token, so that there is nothing more to configure. */
export function hookSecret(botToken: string): string {
  return Buffer.from(hkdfSync('sha256', botToken, '', 'restyle webhook', 32)).toString('base64url');
}

/** Telegram's updates. A failure to store one is answered 503, and Telegram sends it again. */
export async function addHook(
  app: FastifyInstance,
  secret: string,
  handle: (update: unknown) => Promise<void>,
): Promise<void> {
  await app.register((hook, _options, done) => {
    hook.addHook('onRequest', (request, _reply, next) => {
      const shown = request.headers['x-telegram-bot-api-secret-token'];
      const right = typeof shown === 'string' && sameSecret(shown, secret);
      next(right ? undefined : notFound());
    });
    hook.post(HOOK_PATH, { bodyLimit: 1024 * 1024 }, async (request) => {
      try {
        await handle(request.body);
      } catch (error) {
        request.log.error({ err: error }, 'update failed, it comes again');
        throw new ApiError(503, 'unavailable', 'Try again.', 1);
      }
      return { ok: true };
    });
    done();
  });
}
