/**
 * The service worker: the page without a network, isolated on every host, and a door for pictures from other apps.
 * Small files are kept at install, the runtime once the page is idle; model files are web/storage's.
 */
import { PrecacheController, type PrecacheEntry } from 'workbox-precaching';
import { flushOutbox, OUTBOX_TAG } from '../job/outbox.ts';
import type { BuildName } from '../worker/build.ts';
import type { Settled, ToServiceWorker } from './contract.ts';
import { isolated } from './isolated.ts';
import { isRuntime, Runtimes } from './runtimes.ts';
import { receiveShared } from './receive.ts';
import { SHARE_ACTION } from './share.ts';

declare const self: ServiceWorkerGlobalScope;

const SCOPE = self.registration.scope;
const absolute = (path: string) => new URL(path, SCOPE).href;

// The build writes the list of its files here.
const files = self.__WB_MANIFEST as PrecacheEntry[];
const runtimes = new Runtimes(
  files.map(({ url }) => absolute(url)).filter((url) => isRuntime(url)),
  SCOPE,
);
const precache = new PrecacheController();
precache.addToCacheList(files.filter(({ url }) => !isRuntime(absolute(url))));

/** Without its query: that is for the page to read. */
const isPage = (url: URL) =>
  [SCOPE, absolute('index.html')].includes(`${url.origin}${url.pathname}`);

async function kept(request: Request, name = request.url): Promise<Response> {
  // Files of the version before are still kept while one of its tabs is open.
  const response = (await precache.matchPrecache(name)) ?? (await caches.match(name));
  return isolated(response ?? (await fetch(request)));
}

/** How to answer; null: as if there were no service worker. */
function route(event: FetchEvent): Promise<Response> | null {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method === 'POST' && url.href === absolute(SHARE_ACTION))
    return receiveShared(request, SCOPE);
  if (request.method !== 'GET' || !url.href.startsWith(SCOPE)) return null;
  if (request.mode === 'navigate') return isPage(url) ? kept(request, 'index.html') : null;
  if (runtimes.has(url.href)) return runtimes.answer(event);
  if (precache.getCacheKeyForURL(url.href) || url.href.startsWith(absolute('assets/')))
    return kept(request);
  return null;
}

/** Old files go when no other tab can still ask for them. */
async function tidy(event: ExtendableEvent): Promise<void> {
  const tabs = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (tabs.filter(({ url }) => url.startsWith(SCOPE)).length > 1) return;
  await Promise.all([precache.activate(event), runtimes.tidy()]);
}

async function settle(event: ExtendableMessageEvent, build: BuildName | null): Promise<void> {
  const done: Settled = build !== null && (await runtimes.keep(build));
  event.ports[0]?.postMessage(done);
  await tidy(event);
}

self.addEventListener('fetch', (event) => {
  const answer = route(event);
  if (answer) event.respondWith(answer);
});

self.addEventListener('install', (event) => {
  event.waitUntil(precache.install(event));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([self.clients.claim(), tidy(event)]));
});

self.addEventListener('message', (event) => {
  const message = event.data as ToServiceWorker;
  event.waitUntil(message.kind === 'take-over' ? self.skipWaiting() : settle(event, message.build));
});

/** Background Sync; not in TypeScript's library, as only Chromium has it. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

/** Fails while something still waits, so that the browser asks again. */
async function bringOut(): Promise<void> {
  if ((await flushOutbox(SCOPE, true)) !== null) throw new Error('results still wait');
}

self.addEventListener('sync', (event) => {
  const { tag } = event as SyncEvent;
  if (tag === OUTBOX_TAG) (event as SyncEvent).waitUntil(bringOut());
});
