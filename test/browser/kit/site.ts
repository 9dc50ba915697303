import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { buildServer } from '../../../bot/server.ts';

const CONFIG = fileURLToPath(new URL('../../../vite.config.ts', import.meta.url));
const HARNESS = fileURLToPath(new URL('../harness', import.meta.url));

/** A built page, served by the project's own server with its headers. */
export interface Site {
  readonly origin: string;
  close(): Promise<void>;
}

/** Builds the page, or with `harness` the tests' own page around the same worker, into a folder of its own. */
export async function openSite(options: { harness?: boolean } = {}): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'restyle-page-'));
  await build({
    configFile: CONFIG,
    logLevel: 'error',
    ...(options.harness && { root: HARNESS, publicDir: join(HARNESS, '../../../public') }),
    build: { outDir: folder, emptyOutDir: true, minify: false, reportCompressedSize: false },
  });
  const app = await buildServer({ page: folder });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      await app.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
