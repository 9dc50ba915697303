/** The networks there are, and which of them paint: the manifest beside the model files. */
import { computed, signal } from '@preact/signals-core';
import * as v from 'valibot';
import { manifestSchema, modelEntry, type ModelEntry } from '../../../shared/models.ts';
import type { ModelSource, SketchSources } from '../../worker/contract.ts';
import { kept } from '../kit/kept.ts';

const FOLDER = 'models/';

/** null: not here yet; 'missing': could not be fetched. */
const manifest = signal<readonly ModelEntry[] | 'missing' | null>(null);
const listed = computed(() =>
  Array.isArray(manifest.value) ? (manifest.value as readonly ModelEntry[]) : [],
);

/** Models that enlarge pictures or sketch them see no features. */
const paints = ({ kind }: ModelEntry) => kind === undefined || kind === 'features';

/** Networks that the person brought; their files are on this device alone. */
export const ownNetworks = kept<readonly ModelEntry[]>('own-networks', v.array(modelEntry), []);

const feature = computed(() => [...listed.value.filter(paints), ...ownNetworks.value]);
export const networks = computed(() =>
  manifest.value === null || manifest.value === 'missing' ? manifest.value : feature.value,
);
export const upscalers = computed(() => listed.value.filter(({ kind }) => kind === 'upscaler'));

const ids = v.array(v.string());
const chosenIds = kept<readonly string[]>('networks', ids, []);

/** Ids from another visit may be gone; then the first there is stands in. */
export const chosenNetworks = computed<readonly ModelEntry[]>(() => {
  const found = chosenIds.value.flatMap(
    (id) => feature.value.find((model) => model.id === id) ?? [],
  );
  return found.length > 0 ? found : feature.value.slice(0, 1);
});

export function selectNetworks(networks: readonly string[]): void {
  chosenIds.value = networks;
}

/** Enlarge the finished picture as part of the run: true, false, or by which model. */
const upscaling = kept<boolean | string>('upscale', v.union([v.boolean(), v.string()]), false);

export const thenUpscale = computed(() => upscaling.value !== false && upscalers.value.length > 0);
export const chosenUpscaler = computed<ModelEntry | null>(() => {
  if (!thenUpscale.value) return null;
  const { value: all } = upscalers;
  return all.find(({ id }) => id === upscaling.value) ?? all[0] ?? null;
});

/** null: none; true: the usual one. */
export function chooseUpscaler(upscaler: string | true | null): void {
  upscaling.value = upscaler ?? false;
}

export const findModel = (id: string): ModelEntry | null =>
  [...listed.value, ...ownNetworks.value].find((model) => model.id === id) ?? null;

export async function loadNetworks(): Promise<void> {
  try {
    const response = await fetch(new URL(`${FOLDER}manifest.json`, document.baseURI));
    if (!response.ok) throw new Error(`manifest.json: HTTP status ${response.status}`);
    const { models } = v.parse(manifestSchema, await response.json());
    manifest.value = models;
  } catch {
    manifest.value = 'missing';
  }
}

export const sourceOf = (entry: ModelEntry): ModelSource => ({
  entry,
  url: new URL(FOLDER + entry.file, document.baseURI).href,
});

/** What sketches, and what sees for it; null without the two. */
export const sketchSources = computed<SketchSources | null>(() => {
  const network = listed.value.find(({ kind }) => kind === 'sketch');
  const encoder = listed.value.find(({ id }) => id === network?.encoder);
  return network && encoder ? { network: sourceOf(network), encoder: sourceOf(encoder) } : null;
});
