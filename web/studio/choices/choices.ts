/** What the person chose, and the engine's settings that follow from it. */
import { batch, computed } from '@preact/signals-core';
import * as v from 'valibot';
import { LOOK_NAMES, LOOKS, type Look } from '../../../shared/looks.ts';
import {
  changesOf,
  fieldsOf,
  makeSettings,
  rowOf,
  SETTINGS_VERSION,
  withCompanions,
  type StyleSettings,
} from '../../../shared/settings.ts';
import { kept } from '../kit/kept.ts';
import { capabilities } from '../engine/engine.ts';
import { readWishes } from '../kit/address.ts';
import { chooseUpscaler, selectNetworks } from '../networks/networks.ts';

export const SIZES: readonly number[] = [
  128, 192, 256, 384, 512, 640, 768, 1024, 1536, 2048, 3072, 4096,
];

/** Before anybody chose: what is there within a minute or two on an ordinary device. */
const FIRST_SIZE = { webgpu: 512, wasm: 256 } as const;

type Changes = Partial<StyleSettings>;

interface Chosen {
  readonly look: Look;
  /** null: what suits the device. */
  readonly size: number | null;
  /** Where the settings are not the look's. */
  readonly changes: Changes;
  readonly settingsVersion: number;
}

const chosenSchema = v.pipe(
  v.object({
    look: v.picklist(LOOK_NAMES),
    size: v.nullable(rowOf('size').schema),
    changes: v.unknown(),
    settingsVersion: v.optional(v.number()),
  }),
  v.transform(({ settingsVersion, changes, ...rest }): Chosen => ({
    ...rest,
    changes: changesOf(settingsVersion, changes),
    settingsVersion: SETTINGS_VERSION,
  })),
);

const { size: wishedSize, ...wished } = readWishes(location.search).settings;

const chosen = kept<Chosen>(
  'choices',
  chosenSchema,
  { look: 'balanced', size: null, changes: {}, settingsVersion: SETTINGS_VERSION },
  ({ look, size, changes, ...rest }) => ({
    ...rest,
    look: wished.steps === undefined ? look : 'quick',
    size: wishedSize ?? size,
    changes: { ...changes, ...wished },
  }),
);

export const look = computed(() => chosen.value.look);

export const size = computed(
  () => chosen.value.size ?? FIRST_SIZE[capabilities.value?.backend ?? 'wasm'],
);

/** What the look asks for by itself. */
const plain = computed(() => makeSettings('default', { ...LOOKS[look.value], size: size.value }));

export const settings = computed<StyleSettings>(() => ({
  ...plain.value,
  ...chosen.value.changes,
}));

export const smallerThan = (size: number): number | null =>
  SIZES.findLast((one) => one < size) ?? null;

export function chooseSize(size: number): void {
  chosen.value = { ...chosen.value, size };
}

/** A look says how long and how strong; whatever else was changed stays. */
export function chooseLook(look: Look): void {
  const governed = new Set(Object.keys(LOOKS[look]));
  const changes = filter(chosen.value.changes, (field) => !governed.has(field));
  chosen.value = { ...chosen.value, look, changes };
}

export function change(changes: Changes): void {
  const all = { ...chosen.value.changes, ...withCompanions(changes) };
  chosen.value = { ...chosen.value, changes: differences(all, plain.value) };
}

/** Not of the drawer, so resetting that leaves them. */
const OUTSIDE: ReadonlySet<string> = new Set(fieldsOf('main'));

/** Settings of the drawer that are not the look's own. */
export const changedFields = computed<ReadonlySet<string>>(
  () => new Set(Object.keys(chosen.value.changes).filter((field) => !OUTSIDE.has(field))),
);
export const changed = computed(() => changedFields.value.size);

export function reset(): void {
  chosen.value = {
    ...chosen.value,
    changes: filter(chosen.value.changes, (field) => OUTSIDE.has(field)),
  };
}

/** Takes over settings exactly, as those of the look that they differ from least. */
export function chooseSettings(next: StyleSettings): void {
  const { size } = next;
  const candidates = [look.peek(), ...LOOK_NAMES].map((name) => ({
    ...chosen.peek(),
    look: name,
    size,
    changes: differences(next, makeSettings('default', { ...LOOKS[name], size })),
  }));
  const count = ({ changes }: Chosen) => Object.keys(changes).length;
  chosen.value = candidates.reduce((best, one) => (count(one) < count(best) ? one : best));
}

/** Takes over what a run was made with: afterwards, pressing the button would do the same. */
export function chooseAll(
  next: StyleSettings,
  networks: readonly string[],
  upscaler: string | null,
): void {
  batch(() => {
    chooseSettings(next);
    selectNetworks(networks);
    chooseUpscaler(upscaler);
  });
}

function filter(changes: Changes, keep: (field: string) => boolean): Changes {
  return Object.fromEntries(Object.entries(changes).filter(([field]) => keep(field)));
}

function differences(changes: Changes, from: StyleSettings): Changes {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  return filter(changes, (field) => {
    const key = field as keyof StyleSettings;
    return !same(changes[key], from[key]);
  });
}
