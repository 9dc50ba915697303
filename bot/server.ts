import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { addErrorHandler } from './http/errors.ts';
import { addSecurityHeaders } from './http/headers.ts';
import { servePage } from './http/page.ts';

export interface ServerOptions {
  /** The folder with the built page; null: no page (tests of the API). */
  readonly page: string | null;
  readonly logger?: FastifyBaseLogger;
  readonly trustProxy?: string;
  /** The outside address is https: ask browsers to stay there. */
  readonly https?: boolean;
}

/** The HTTP server, not yet listening. */
export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    ...(options.logger === undefined ? { logger: false } : { loggerInstance: options.logger }),
    trustProxy: options.trustProxy ?? 'loopback',
    forceCloseConnections: 'idle',
    bodyLimit: 64 * 1024,
    // Slow connections: headers within 10 s, a whole request (20 MB over a poor line) within 5 min.
    requestTimeout: 300_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 5_000 },
  });
  addSecurityHeaders(app, options.https ?? false);
  addErrorHandler(app);
  closeAfterAnswer(app);
  if (options.page !== null) await servePage(app, options.page);
  return app;
}

/** Once the server is closing, an answer also ends its connection: a stop waits for requests, not for idle browsers. */
function closeAfterAnswer(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close');
    done();
  });
}
