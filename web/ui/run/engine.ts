/** The page's one engine. */
import { signal } from '@preact/signals';
import { createEngine, type Engine } from '../../worker/client.ts';
import type { BackendWish, Capabilities } from '../../worker/face.ts';
import { readWishes } from '../settings/address.ts';

/** What the device can do; null until that is known, or if it cannot be found out. */
export const capabilities = signal<Capabilities | null>(null);

let engine = createEngine({ wish: readWishes(location.search).backend });

export const currentEngine = (): Engine => engine;

/** A failure here shows when a run is tried, with its advice. */
export async function probe(): Promise<void> {
  capabilities.value = await engine.probe().catch(() => null);
}

export function switchBackend(wish: BackendWish): void {
  engine.dispose();
  engine = createEngine({ wish });
  void probe();
}
