/** The picture that is looked at, and its neighbours. */
import { computed, signal } from '@preact/signals-core';
import { shown } from './entries.ts';

/** Its id. */
export const opened = signal<string | null>(null);

const index = computed(() => shown.value.findIndex(({ id }) => id === opened.value));

export const viewed = computed(() => shown.value[index.value] ?? null);
export const previous = computed(() => shown.value[index.value - 1]?.id ?? null);
export const next = computed(() =>
  index.value < 0 ? null : (shown.value[index.value + 1]?.id ?? null),
);

/** Turns the page; at the end nothing happens. */
export function turn(to: string | null): void {
  if (to !== null) opened.value = to;
}
