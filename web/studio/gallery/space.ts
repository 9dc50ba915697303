/** How much room this page takes on the device, and whether the browser may take it back. */
import { signal } from '@preact/signals-core';
import { ensureModel, listModels, removeModel, type KeptModel } from '../../storage/models.ts';
import { kindOf } from '../../worker/faults.ts';
import type { ModelEntry } from '../../worker/contract.ts';
import { recall, remember } from '../../storage/memory.ts';
import { sourceOf } from '../networks/networks.ts';
import { forgetNetwork } from '../networks/own.ts';

export type { KeptModel };

export interface Space {
  readonly used: number;
  readonly available: number;
  readonly persisted: boolean;
}

/** null where the browser does not say. */
export const space = signal<Space | null>(null);
export const models = signal<readonly KeptModel[]>([]);

/** Missing on pages without TLS. */
const manager = (): Partial<StorageManager> =>
  (navigator as { readonly storage?: StorageManager }).storage ?? {};

export async function measure(): Promise<void> {
  models.value = await listModels().catch(() => []);
  const storage = manager();
  const estimate = await storage.estimate?.().catch(() => null);
  if (estimate?.quota === undefined) return;
  const persisted = (await storage.persisted?.().catch(() => false)) ?? false;
  space.value = { used: estimate.usage ?? 0, available: estimate.quota, persisted };
}

const ASKED = 'persist-asked';

/** Asked once by itself, with the first picture that is worth it; some browsers ask the person. */
export async function keepForGood(): Promise<void> {
  if (recall(ASKED) !== null) return;
  remember(ASKED, 'yes');
  await askToPersist();
}

export async function askToPersist(): Promise<void> {
  await manager()
    .persist?.()
    .catch(() => false);
  await measure();
}

/** A model on its way, by its hash. */
export const fetching = signal<
  Readonly<Record<string, { readonly loaded: number; readonly cancel: () => void }>>
>({});
/** Models that could not be had. */
export const unreachable = signal<readonly string[]>([]);

export async function fetchModel(entry: ModelEntry): Promise<void> {
  const { sha256 } = entry;
  const stopper = new AbortController();
  const show = (loaded: number) => {
    fetching.value = { ...fetching.value, [sha256]: { loaded, cancel: () => stopper.abort() } };
  };
  unreachable.value = unreachable.value.filter((one) => one !== sha256);
  show(0);
  try {
    await ensureModel(sourceOf(entry), stopper.signal, show);
  } catch (error) {
    if (kindOf(error) !== 'cancelled') unreachable.value = [...unreachable.value, sha256];
  } finally {
    const others = Object.entries(fetching.value).filter(([key]) => key !== sha256);
    fetching.value = Object.fromEntries(others);
    await measure();
  }
}

export async function dropModel(sha256: string): Promise<void> {
  await removeModel(sha256);
  forgetNetwork(sha256);
  await measure();
}
