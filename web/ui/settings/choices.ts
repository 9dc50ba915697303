/** What the person chose, and the engine's settings that follow from it. */
import { computed, signal } from '@preact/signals';
import { makeSettings, type StyleSettings } from '../../../shared/settings.ts';
import { capabilities } from '../run/engine.ts';
import { readWishes } from './address.ts';

/** Looks: how long to work, and from how coarse a start. */
export const LOOKS = {
  quick: { steps: 60, scales: 2 },
  balanced: { steps: 200, scales: 2 },
  best: { steps: 500, scales: 3 },
} as const;
export type Look = keyof typeof LOOKS;
export const LOOK_NAMES = Object.keys(LOOKS) as Look[];

export const SIZES: readonly number[] = [128, 192, 256, 384, 512, 640, 768, 1024];

/** Before anybody chose: what is there within a minute or two on an ordinary device. */
const FIRST_SIZE = { webgpu: 512, wasm: 256 } as const;

const wishes = readWishes(location.search);

export const look = signal<Look>(wishes.steps === null ? 'balanced' : 'quick');
const chosenSize = signal<number | null>(wishes.size);

export const size = computed(
  () => chosenSize.value ?? FIRST_SIZE[capabilities.value?.backend ?? 'wasm'],
);

export function chooseSize(next: number): void {
  chosenSize.value = next;
}

export const stepsOf = (name: Look) => wishes.steps ?? LOOKS[name].steps;

export const settings = computed<StyleSettings>(() =>
  makeSettings('default', {
    size: size.value,
    scales: LOOKS[look.value].scales,
    steps: stepsOf(look.value),
  }),
);
