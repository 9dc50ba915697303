/** The page's one engine. */
import { signal } from '@preact/signals-core';
import * as v from 'valibot';
import { remember } from '../../storage/memory.ts';
import { createEngine, type Engine } from '../../worker/client.ts';
import type { BackendWish, Capabilities } from '../../worker/contract.ts';
import { recallAs } from '../kit/kept.ts';
import { readWishes } from '../kit/address.ts';

/** What the device can do; null until that is known, or if it cannot be found out. */
export const capabilities = signal<Capabilities | null>(null);

const WISHES = ['auto', 'webgpu', 'wasm'] as const satisfies readonly BackendWish[];

/** The address first, then what was chosen on another visit. */
export const backendWish = signal<BackendWish>(
  readWishes(location.search).backend ?? recallAs('backend', v.picklist(WISHES)) ?? 'auto',
);

let engine = createEngine({ wish: backendWish.peek() });

export const currentEngine = (): Engine => engine;

/** A failure here shows when a run is tried, with its advice. */
export async function probe(): Promise<void> {
  capabilities.value = await engine.probe().catch(() => null);
}

export function switchBackend(wish: BackendWish): Promise<void> {
  engine.dispose();
  engine = createEngine({ wish });
  backendWish.value = wish;
  return probe();
}

/** A GPU was asked for by name and is not there. */
export const noGpu = signal(false);

/** What the person asks for, remembered for the next visit; without a GPU it goes back to what there is. */
export async function chooseBackend(wish: BackendWish): Promise<void> {
  noGpu.value = false;
  await switchBackend(wish);
  if (wish === 'webgpu' && capabilities.value === null) {
    noGpu.value = true;
    await switchBackend('auto');
  }
  remember('backend', JSON.stringify(backendWish.value));
}
