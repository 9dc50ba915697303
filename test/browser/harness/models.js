// The store of model files as the tests reach it. Bytes stay in the page; tests see their length and a sum.
/* global AbortController, Response, caches, fetch, location */
import { ensureModel, listModels, removeModel } from '../../../web/storage/models.ts';

const CACHE = 'restyle-models-v1';

const sumOf = (bytes) => bytes.reduce((sum, byte) => (sum * 31 + byte) % 1_000_003, 0);

export const models = {
  /** Aborts once `abortAt` bytes have come; tells the server how far it is. */
  async ensure({ entry, url, abortAt = Infinity }) {
    const stopper = new AbortController();
    const seen = [];
    const onProgress = (loaded) => {
      seen.push(loaded);
      void fetch(`/reached/${loaded}`);
      if (loaded >= abortAt) stopper.abort();
    };
    try {
      const bytes = await ensureModel({ entry, url }, stopper.signal, onProgress);
      return { length: bytes.length, sum: sumOf(bytes), seen };
    } catch ({ name, kind, message, advice }) {
      return { error: { name, kind, message, advice }, seen };
    }
  },

  async twice(source) {
    const both = await Promise.all([models.ensure(source), models.ensure(source)]);
    return both.map(({ sum }) => sum);
  },

  list: () => listModels(),
  remove: (sha256) => removeModel(sha256),

  /** As a bad disk would: another byte in the middle of the kept file. */
  async damage(sha256) {
    const cache = await caches.open(CACHE);
    const address = `${location.origin}/restyle-models/${sha256}`;
    const found = await cache.match(address);
    const bytes = new Uint8Array(await found.arrayBuffer());
    bytes[bytes.length >> 1] ^= 1;
    await cache.put(address, new Response(bytes, { headers: found.headers }));
  },

  /** As in a private window of some browsers. */
  forbid() {
    delete globalThis.caches;
    delete globalThis.constructor.prototype.caches;
    return 'caches' in globalThis;
  },
};
