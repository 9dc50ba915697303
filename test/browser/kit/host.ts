import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const FOLDER = '/pages/restyle';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
};

/** Any static host: a built page in a sub-folder, and no header but the type and one that keeps the browser's cache out. */
export class Host {
  /** Of the built page; another one is another version. */
  folder: string;
  /** Where the page is, as a site's: without the last slash. */
  origin = '';
  /** Paths asked for, from the page's folder on. */
  readonly asked: string[] = [];
  readonly #held = new Map<string, Promise<void>>();
  readonly #server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    void this.#answer(pathname).then(([status, type, body]) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    });
  });

  constructor(folder: string) {
    this.folder = folder;
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${FOLDER}`;
    return this;
  }

  /** Lets whoever asks for the file wait until the returned function is called. */
  hold(path: string): () => void {
    let release = () => {};
    this.#held.set(path, new Promise((resolve) => (release = resolve)));
    return release;
  }

  /** Pulls the cable. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(pathname: string): Promise<[number, string, Buffer | string]> {
    if (!pathname.startsWith(`${FOLDER}/`)) return [200, 'text/html', '<!doctype html>'];
    const path = pathname.slice(FOLDER.length + 1) || 'index.html';
    this.asked.push(path);
    await this.#held.get(path);
    try {
      const type = TYPES[extname(path)] ?? 'application/octet-stream';
      return [200, type, await readFile(join(this.folder, path))];
    } catch {
      return [404, 'text/plain', 'Not found'];
    }
  }
}
