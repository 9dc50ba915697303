/** Networks as people choose them: VGG, ResNet or both, small or full, or one that somebody added. */
import { batch, computed } from '@preact/signals-core';
import type { ModelEntry } from '../../../shared/models.ts';
import type { Layer } from '../../../shared/settings.ts';
import { change, settings } from './choices.ts';
import { chosenNetworks, findModel, networks, selectNetworks } from '../networks/networks.ts';

export const FAMILIES = ['vgg', 'resnet'] as const;
export type Family = (typeof FAMILIES)[number];
/** The two that paint side by side; a further family would not make it three. */
const BOTH: readonly Family[] = ['vgg', 'resnet'];
export type Version = 'small' | 'full';

const MEMBERS: Readonly<Record<Family, Readonly<Record<Version, string>>>> = {
  vgg: { small: 'lite-vgg', full: 'vgg19' },
  resnet: { small: 'lite-resnet', full: 'resnet50' },
};

export const familyOf = (id: string): Family | null =>
  FAMILIES.find((family) => Object.values(MEMBERS[family]).includes(id)) ?? null;

const isFull = ({ id }: ModelEntry) => FAMILIES.some((family) => MEMBERS[family].full === id);

/** The version asked for, or the one there is. */
function memberOf(family: Family, version: Version): ModelEntry | null {
  const { small, full } = MEMBERS[family];
  const order = version === 'full' ? [full, small] : [small, full];
  return order.map(findModel).find((found) => found !== null) ?? null;
}

/** What there is to choose from: families first, both if there are both, then others by their ids. */
export const choices = computed<readonly string[]>(() => {
  const { value: all } = networks;
  if (all === null || all === 'missing') return [];
  const families = FAMILIES.filter((family) => memberOf(family, 'small'));
  const both = BOTH.every((family) => families.includes(family)) ? ['both'] : [];
  return [...families, ...both, ...all.map(({ id }) => id).filter((id) => !familyOf(id))];
});

const familiesIn = (choice: string): readonly Family[] =>
  choice === 'both' ? BOTH : FAMILIES.filter((family) => family === choice);

/** The choice that the chosen networks are; null for a combination that only a taken-over run can have. */
export const choice = computed<string | null>(() => {
  const chosen = chosenNetworks.value.map(({ id }) => familyOf(id) ?? id);
  if (chosen.length === 1) return chosen[0]!;
  return chosen.join() === BOTH.join() ? 'both' : null;
});

export const version = computed<Version>(() =>
  chosenNetworks.value.some(isFull) ? 'full' : 'small',
);

const entriesOf = (choice: string, version: Version): readonly ModelEntry[] => {
  const families = familiesIn(choice);
  if (families.length === 0) return [findModel(choice)].filter((found) => found !== null);
  return families.map((family) => memberOf(family, version)).filter((found) => found !== null);
};

/** Both versions of the choice; null where there is nothing to choose between. */
export const versions = computed<Readonly<Record<Version, readonly ModelEntry[]>> | null>(() => {
  if (choice.value === null) return null;
  const [small, full] = [entriesOf(choice.value, 'small'), entriesOf(choice.value, 'full')];
  return full.some(isFull) && !small.some(isFull) ? { small, full } : null;
});

/** Layers that were chosen of one network mean nothing to another. */
function select(entries: readonly ModelEntry[]): void {
  batch(() => {
    selectNetworks(entries.map(({ id }) => id));
    const { styleLayers, contentLayers } = settings.peek();
    const known = (layers: readonly Layer[]) =>
      layers.every(({ tap }) => entries.every(({ layers: own }) => own?.all.includes(tap)));
    if (!known(styleLayers)) change({ styleLayers: [] });
    if (!known(contentLayers)) change({ contentLayers: [] });
  });
}

export function choose(choice: string): void {
  select(entriesOf(choice, version.value));
}

export function chooseVersion(version: Version): void {
  if (choice.value !== null) select(entriesOf(choice.value, version));
}

/** The small networks in place of those that may have to be fetched. */
export function chooseLite(): void {
  const lite = chosenNetworks.value.map(
    ({ id }) => memberOf(familyOf(id) ?? 'vgg', 'small') ?? findModel(id),
  );
  select([...new Set(lite.filter((found) => found !== null))]);
}

/** Whether `chooseLite` would change anything. */
export const canGoLite = computed(() => chosenNetworks.value.some(({ id }) => !isLite(id)));

const isLite = (id: string) => FAMILIES.some((family) => MEMBERS[family].small === id);
