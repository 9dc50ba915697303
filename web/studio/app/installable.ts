/** Installing, where the browser lets a page offer it. */
import { signal } from '@preact/signals-core';

/** Not in TypeScript's library: only Chromium has it. */
interface InstallEvent extends Event {
  prompt(): Promise<unknown>;
}

/** The browser's offer; good for one answer. */
export const offer = signal<InstallEvent | null>(null);

export function watchForInstall(): void {
  addEventListener('beforeinstallprompt', (event) => {
    // The page has its own, quieter way to say so.
    event.preventDefault();
    offer.value = event as InstallEvent;
  });
  addEventListener('appinstalled', () => {
    offer.value = null;
  });
}

export async function install(): Promise<void> {
  const event = offer.value;
  offer.value = null;
  await event?.prompt();
}
