import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { buildServer } from '../../../bot/server.ts';
import { builtOnce } from '../../support/builds.ts';

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

/** The folder of the built page; built at most once in a run of the tests, and not to be changed. */
export function buildPage(options: BuildOptions = {}): Promise<string> {
  const { harness = false, minify = false, edition = 'this' } = options;
  const name = `${harness ? 'harness' : 'page'}-${minify ? 'small' : 'plain'}-${edition}`;
  return builtOnce(name, (folder) => buildInto(folder, options));
}

async function buildInto(
  folder: string,
  { harness, minify = false, edition }: BuildOptions,
): Promise<void> {
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
    close: () => app.close(),
  };
}
