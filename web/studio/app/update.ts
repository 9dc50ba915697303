/** A new version of the page: offered, never forced, and not during a run. */
import { computed, signal } from '@preact/signals-core';
import { running } from '../run/state.ts';
import { serviceWorkers, tell } from './serviceWorker.ts';

const ready = signal(false);
let waiting: ServiceWorker | null = null;

/** Whether to offer it now. */
export const updateOffered = computed(() => ready.value && !running.value);

export function watchForUpdates(registration: ServiceWorkerRegistration): void {
  const note = (worker: ServiceWorker | null) => {
    waiting = worker;
    if (worker) ready.value = true;
  };
  if (registration.active) note(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const next = registration.installing;
    next?.addEventListener('statechange', () => {
      // Without an active one this is the first visit, and nothing new.
      if (next.state === 'installed' && registration.active) note(next);
    });
  });
  // Accepted in another tab: this one goes on with its old files until it is reloaded.
  let controller = serviceWorkers?.controller;
  serviceWorkers?.addEventListener('controllerchange', () => {
    if (controller) ready.value = true;
    controller = serviceWorkers?.controller;
  });
}

export function takeUpdate(): void {
  if (waiting?.state !== 'installed') {
    location.reload();
    return;
  }
  serviceWorkers?.addEventListener('controllerchange', () => location.reload());
  tell(waiting, { kind: 'take-over' });
}
