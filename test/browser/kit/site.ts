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

export interface BuildOptions {
  /** The tests' own page around the same worker instead of the page. */
  readonly harness?: boolean;
  /** As it is published. */
  readonly minify?: boolean;
  /** Another version: the same page with other names for its files. */
  readonly edition?: string;
}

/** Builds the page into a folder of its own. */
export async function buildPage({
  harness,
  minify = false,
  edition,
}: BuildOptions = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'restyle-page-'));
  const names = `assets/[name]-${edition}-[hash].js`;
  const output = { entryFileNames: names, chunkFileNames: names };
  await build({
    configFile: CONFIG,
    logLevel: 'error',
    ...(harness && { root: HARNESS, publicDir: join(HARNESS, '../../../public') }),
    build: {
      outDir: folder,
      emptyOutDir: true,
      minify,
      reportCompressedSize: false,
      ...(edition && { rolldownOptions: { output } }),
    },
  });
  return folder;
}

/** Builds the page and serves it. */
export async function openSite(options: BuildOptions = {}): Promise<Site> {
  const folder = await buildPage(options);
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
