/** The bench page in a real Chromium: bundled, served cross-origin isolated, driven. */
import { copyFile, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { build, defaultClientConditions } from 'vite';
import type { Link } from './child.ts';
import type { Reply } from './task.ts';
import { CHROMIUM_FLAGS } from '../programs.ts';
import { ISOLATION_HEADERS } from '../../shared/policy.ts';

const require = createRequire(import.meta.url);
const PAGE = fileURLToPath(new URL('page/', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** Serves folders under prefixes, on a free port of this machine only. */
async function serve(folders: Readonly<Record<string, string>>): Promise<Server> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://bench').pathname;
    const [prefix, folder] = Object.entries(folders).find(([start]) => path.startsWith(start))!;
    const name = path.slice(prefix.length) || 'index.html';
    readFile(join(folder, name)).then(
      (body) => {
        const type = TYPES[extname(name)] ?? 'application/octet-stream';
        response.writeHead(200, { ...ISOLATION_HEADERS, 'content-type': type }).end(body);
      },
      () => response.writeHead(404, ISOLATION_HEADERS).end(),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}

/** Workers as `NAME.js`, and the page. */
async function bundle(out: string, programs: readonly string[]): Promise<void> {
  await copyFile(join(PAGE, 'index.html'), join(out, 'index.html'));
  await build({
    configFile: false,
    root: PAGE,
    logLevel: 'error',
    // onnxruntime-web without its glue inside: threads start from a file of their own.
    resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
    build: {
      outDir: out,
      emptyOutDir: false,
      target: 'es2023',
      minify: false,
      modulePreload: false,
      chunkSizeWarningLimit: 10_000,
      rolldownOptions: {
        input: Object.fromEntries(programs.map((name) => [name, join(PAGE, `${name}.ts`)])),
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
}

/** The page with its programs. */
export class BenchPage {
  readonly #server: Server;
  readonly #browser: Browser;
  readonly #page: Page;

  private constructor(server: Server, browser: Browser, page: Page) {
    this.#server = server;
    this.#browser = browser;
    this.#page = page;
  }

  /** @param data folder of the tasks' files; @param out an empty folder for the bundle */
  static async open(
    executable: string,
    programs: readonly string[],
    data: string,
    out: string,
  ): Promise<BenchPage> {
    await bundle(out, programs);
    const server = await serve({
      '/data/': data,
      '/ort/': dirname(require.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm')),
      ...(programs.includes('tfjs') && {
        '/tfjs/': dirname(require.resolve('@tensorflow/tfjs-backend-wasm')),
      }),
      '/': out,
    });
    const browser = await chromium.launch({
      executablePath: executable,
      args: CHROMIUM_FLAGS,
      // An interrupted run is ended by main.ts, whole.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    const page = await browser.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') process.stderr.write(`page: ${message.text()}\n`);
    });
    const { port } = server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/index.html`);
    return new BenchPage(server, browser, page);
  }

  get version(): string {
    return `Chromium ${this.#browser.version()}`;
  }

  link(program: string, threads: number): Link {
    return {
      ask: async (request) => {
        const call = [program, threads, request].map((part) => JSON.stringify(part)).join();
        try {
          const before = await this.#cpuMs();
          const reply = await this.#page.evaluate<Reply>(`bench(${call})`);
          return { ...reply, cpuMs: (await this.#cpuMs()) - before };
        } catch (error) {
          return { error: (error as Error).message.split('\n')[0]! };
        }
      },
      // With the page.
      close: () => Promise.resolve(),
      kill: () => undefined,
    };
  }

  /** Processor time so far of the processes that run pages. */
  async #cpuMs(): Promise<number> {
    const session = await this.#browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    const pages = processInfo.filter(({ type }) => type === 'renderer');
    return pages.reduce((sum, { cpuTime }) => sum + cpuTime * 1e3, 0);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
  }
}
