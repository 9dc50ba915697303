/** Makes the next visit work without a network: the runtime and the small networks are kept once the page is idle. */
import { effect, signal } from '@preact/signals-core';
import type { Settled } from '../../pwa/contract.ts';
import { buildFor, type BuildName } from '../../worker/build.ts';
import type { ModelEntry } from '../../worker/contract.ts';
import { capabilities } from '../engine/engine.ts';
import { running } from '../run/state.ts';
import { networks, sketchSources, sourceOf, upscalers } from '../networks/networks.ts';
import { idle, savesData } from '../kit/idle.ts';
import { ask, serviceWorkers } from './serviceWorker.ts';

/** Models above this size, and further upscalers, are kept when they are used, and not before. */
const SMALL = 4e6;

/** Everything that a run takes is on this device. */
export const offlineReady = signal(false);

export async function prepareOffline(): Promise<void> {
  const active = (await serviceWorkers?.ready)?.active;
  if (!active) return;
  await idle();
  let asked: BuildName | null = null;
  effect(() => {
    const [here, list] = [capabilities.value, networks.value];
    if (!here || !list || running.value) return;
    const build = buildFor(here.backend);
    if (build === asked) return;
    asked = build;
    const models =
      list === 'missing' ? [] : [...list, ...upscalers.value.slice(0, 1), ...sketching()];
    void keep(active, build, models);
  });
}

const sketching = () => (sketchSources.value ? [sketchSources.value.network.entry] : []);

async function keep(
  active: ServiceWorker,
  build: BuildName,
  models: readonly ModelEntry[],
): Promise<void> {
  const costly = savesData();
  const kept = await ask<Settled>(active, { kind: 'settled', build: costly ? null : build });
  offlineReady.value = kept && (await keepModels(models.filter(({ bytes }) => bytes < SMALL)));
}

async function keepModels(models: readonly ModelEntry[]): Promise<boolean> {
  const { ensureModel, listModels } = await import('../../storage/models.ts');
  const missing = async () => {
    const there = new Set((await listModels()).filter((m) => m.whole).map((m) => m.sha256));
    return models.filter(({ sha256 }) => !there.has(sha256));
  };
  try {
    for (const entry of await missing()) await ensureModel(sourceOf(entry));
    return models.length > 0 && (await missing()).length === 0;
  } catch {
    // A connection that went away; the next visit goes on.
    return false;
  }
}
