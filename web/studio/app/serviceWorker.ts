/** The service worker from the page's side: registered once the page has been painted. */
import type { ToServiceWorker } from '../../pwa/contract.ts';

/** The page works all the same in browsers, private windows and places that have none. */
export const serviceWorkers: ServiceWorkerContainer | null =
  (navigator as Partial<Navigator>).serviceWorker ?? null;

const HOUR = 3_600_000;

/** null: there is none and will be none. */
export async function register(): Promise<ServiceWorkerRegistration | null> {
  // In development files have no list to keep them by.
  if (!serviceWorkers || import.meta.env.MODE !== 'production') return null;
  await loaded();
  try {
    const registration = await serviceWorkers.register(new URL('sw.js', document.baseURI));
    checkForUpdates(registration);
    return registration;
  } catch {
    return null;
  }
}

/** Browsers look for a new version when a page is opened; an installed one may stay open for days. */
function checkForUpdates(registration: ServiceWorkerRegistration): void {
  let checked = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - checked < HOUR) return;
    checked = Date.now();
    // Offline is no news.
    registration.update().catch(() => undefined);
  });
}

async function loaded(): Promise<void> {
  if (document.readyState === 'complete') return;
  await new Promise((resolve) => addEventListener('load', resolve, { once: true }));
}

export const tell = (worker: ServiceWorker, message: ToServiceWorker): void =>
  worker.postMessage(message);

/** Says something that is answered. */
export function ask<T>(worker: ServiceWorker, message: ToServiceWorker): Promise<T> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data as T);
    worker.postMessage(message, [port2]);
  });
}
