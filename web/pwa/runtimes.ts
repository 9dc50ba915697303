/** onnxruntime-web's files: 14 to 27 MB a build, so only what this browser uses is kept. */
import type { BuildName } from '../worker/build.ts';
import { isolated } from './isolated.ts';

const CACHE = 'restyle-runtime-v1';

const FILES: Readonly<Record<BuildName, RegExp>> = {
  plain: /\/ort(-wasm-simd-threaded|\.wasm\.min)-[^/]+$/,
  jspi: /\/ort[^/]*\.jspi[^/]+$/,
  asyncify: /\/ort(-wasm-simd-threaded\.asyncify|\.webgpu)[^/]+$/,
};

/** Whether an address of the build is one of the runtime's. */
export const isRuntime = (url: string): boolean =>
  Object.values(FILES).some((pattern) => pattern.test(url));

/**
 * The same file from the browser's own cache, as far as it is there, handed on as it is: only then Chromium keeps, and finds
 * again, the machine code that it made of WebAssembly. No network is asked.
 */
async function compiled(request: Request): Promise<Response | null> {
  if (!request.url.endsWith('.wasm')) return null;
  const found = await fetch(request.url, { cache: 'only-if-cached', mode: 'same-origin' }).catch(
    () => null,
  );
  return found?.status === 200 ? found : null;
}

export class Runtimes {
  readonly #urls: ReadonlySet<string>;
  readonly #scope: string;
  readonly #going = new Map<BuildName, Promise<boolean>>();

  /** `urls`: absolute, and with a hash in each name, so that what is kept never ages. */
  constructor(urls: Iterable<string>, scope: string) {
    this.#urls = new Set(urls);
    this.#scope = scope;
  }

  has(url: string): boolean {
    return this.#urls.has(url);
  }

  /** From the cache; else from the network, and kept on the way. */
  async answer(event: FetchEvent): Promise<Response> {
    const cache = await caches.open(CACHE);
    const kept = await cache.match(event.request.url);
    if (kept) return (await compiled(event.request)) ?? isolated(kept);
    const response = await fetch(event.request);
    if (response.status === 200) {
      // A full disk costs the offline visit, not this one.
      event.waitUntil(cache.put(event.request.url, response.clone()).catch(() => undefined));
    }
    return isolated(response);
  }

  /** Whether the whole build is kept now. Several tabs may ask for the same. */
  keep(build: BuildName): Promise<boolean> {
    const going = this.#going.get(build) ?? this.#keep(build);
    this.#going.set(build, going);
    return going.finally(() => this.#going.delete(build));
  }

  async #keep(build: BuildName): Promise<boolean> {
    const cache = await caches.open(CACHE);
    const wanted = [...this.#urls].filter((url) => FILES[build].test(url));
    try {
      for (const url of wanted) if (!(await cache.match(url))) await cache.add(url);
      return true;
    } catch {
      return false;
    }
  }

  /** Lets go of files that earlier versions of this page used. Other pages of the host share the cache. */
  async tidy(): Promise<void> {
    const cache = await caches.open(CACHE);
    for (const { url } of await cache.keys()) {
      if (url.startsWith(this.#scope) && !this.#urls.has(url)) await cache.delete(url);
    }
  }
}
