/** A worker that has just been started, and how the page hears of its end. */
import { wrap, type Remote } from 'comlink';
import type { BackendWish, WorkerApi } from './contract.ts';
import { BackendUnavailableError, EngineLostError } from './faults.ts';

export interface Link {
  readonly worker: Worker;
  readonly api: Remote<WorkerApi>;
  /** Rejects when the worker fails as a whole. */
  readonly broken: Promise<never>;
}

/** @param ahead the runtime to start at once. By name, as messages wait for the page's thread, which is busy at first. */
export function startWorker(ahead?: BackendWish): Link {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    type: 'module',
    name: ahead ? `restyle ${ahead}` : 'restyle',
  });
  const api = wrap<WorkerApi>(worker);
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener('error', ({ message }) => {
      const what = message || 'its file did not load';
      const advice = 'Check the connection and reload the page.';
      reject(new BackendUnavailableError(`the engine stopped: ${what}`, advice));
    });
    void mourn(api).then(() => {
      const advice = 'That happens when memory runs out: a smaller size needs much less.';
      reject(new EngineLostError('the browser ended the engine', advice));
    });
  });
  // Whoever waits for the worker hears of it; otherwise nobody needs to.
  broken.catch(() => undefined);
  return { worker, api, broken };
}

/**
 * Resolves when the worker is gone, however that came about. A browser that ends one for its memory tells nobody, and one
 * that is busy with a long step cannot answer; but its lock goes with it.
 */
async function mourn(api: Remote<WorkerApi>): Promise<void> {
  const { locks } = navigator as { readonly locks?: LockManager };
  const name = `restyle-worker-${Math.random()}`;
  if (!locks || !(await api.live(name))) {
    await new Promise<never>(() => undefined);
    return;
  }
  await locks.request(name, () => undefined);
}
