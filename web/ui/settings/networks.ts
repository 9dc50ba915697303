/** The networks there are: the manifest beside the model files. */
import { computed, signal } from '@preact/signals';
import * as v from 'valibot';
import { manifestSchema, type ModelEntry } from '../../../shared/models.ts';
import type { ModelSource } from '../../worker/face.ts';

const FOLDER = 'models/';

/** null: not here yet; 'missing': could not be fetched. */
export const networks = signal<readonly ModelEntry[] | 'missing' | null>(null);
const chosenId = signal<string | null>(null);

export const network = computed<ModelEntry | null>(() => {
  const list = networks.value;
  if (list === null || list === 'missing') return null;
  return list.find(({ id }) => id === chosenId.value) ?? list[0] ?? null;
});

export function chooseNetwork(id: string): void {
  chosenId.value = id;
}

export async function loadNetworks(): Promise<void> {
  try {
    const response = await fetch(new URL(`${FOLDER}manifest.json`, document.baseURI));
    if (!response.ok) throw new Error(`manifest.json: HTTP status ${response.status}`);
    const { models } = v.parse(manifestSchema, await response.json());
    // Models that enlarge pictures know nothing of style.
    networks.value = models.filter(({ kind }) => kind !== 'upscaler');
  } catch {
    networks.value = 'missing';
  }
}

export const sourceOf = (entry: ModelEntry): ModelSource => ({
  entry,
  url: new URL(FOLDER + entry.file, document.baseURI).href,
});
