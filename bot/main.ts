import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { createBridge } from './bridge.ts';
import { type Config, readConfig } from './config.ts';
import { ConfigError, PageMissingError } from './errors.ts';
import { createLogger, redact } from './log.ts';
import { buildServer } from './server.ts';

const PAGE = fileURLToPath(new URL('../dist', import.meta.url));

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLogger(config.logLevel, (line) => process.stdout.write(line));
  const https = config.bridge?.publicUrl.startsWith('https:') ?? false;
  const { trustProxy } = config;
  const app = await buildServer({ page: PAGE, trustProxy, https, logger: log });
  const bridge = config.bridge === null ? null : await createBridge({ config: config.bridge, log });
  await bridge?.attach(app);
  await app.listen({ port: config.port, host: config.host });
  bridge?.start();
  const stop = async () => {
    bridge?.retire();
    // Requests under way are answered, then what they wrote down is brought out.
    const limit = setTimeout(() => app.server.closeAllConnections(), 10_000);
    await app.close();
    clearTimeout(limit);
    await bridge?.stop();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      stop().catch((error: unknown) => {
        log.fatal({ err: error }, 'stop failed');
        process.exitCode = 1;
      });
    });
  }
  process.stdout.write(`Restyle is on ${addressOf(app, config)}\n`);
}

function addressOf(app: FastifyInstance, config: Config): string {
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  const here = ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(config.host);
  return `http://${here ? 'localhost' : config.host}:${port}`;
}

/** What an operator can put right is one line; anything else keeps its stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof PageMissingError) return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return 'PORT: another program is listening there; set PORT to a free one';
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${redact(explain(error))}\n`);
  process.exitCode = 1;
}
