/** "About 40 s on this device": measured by the runs that were finished here, never guessed. */
import { computed, signal } from '@preact/signals';
import type { StyleSettings } from '../../../shared/settings.ts';
import { recall, remember } from '../kit/memory.ts';
import { photo } from '../pick/picked.ts';
import { settings } from '../settings/choices.ts';
import { network } from '../settings/networks.ts';
import { capabilities } from './engine.ts';
import { estimate, rateOf } from './pace.ts';

/** Rates of this visit, before those remembered from others. */
const learned = signal<Readonly<Record<string, number>>>({});
const keyOf = (backend: string, model: string) => `pace.${backend}.${model}`;

export function learn(
  backend: string,
  model: string,
  seconds: number,
  area: number,
  { steps, scales }: StyleSettings,
): void {
  const [key, rate] = [keyOf(backend, model), rateOf(seconds, area, steps, scales)];
  learned.value = { ...learned.value, [key]: rate };
  remember(key, rate.toPrecision(4));
}

/** Seconds the next run will take, or null where none like it was finished yet. */
export const expected = computed<number | null>(() => {
  const [here, model, picture] = [capabilities.value, network.value, photo.value];
  if (!here || !model || !picture) return null;
  const key = keyOf(here.backend, model.id);
  const rate = learned.value[key] ?? Number(recall(key));
  if (!(rate > 0)) return null;
  const { size, steps, scales } = settings.value;
  const { width, height } = picture;
  const area = size * size * (Math.min(width, height) / Math.max(width, height));
  return estimate(rate, area, steps, scales);
});
