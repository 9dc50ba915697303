/** The styles that are chosen: one, or up to five with a weight each. */
import { batch, signal } from '@preact/signals-core';

export const MOST_STYLES = 5;

/** Weights are 0.01 to 1; only their ratio counts. */
export interface Part {
  readonly id: string;
  readonly weight: number;
}

/** What each of two gets to begin with: room to go either way. */
const HALF = 0.5;

export const mixture = signal<readonly Part[]>([]);
/** Tapping a style adds it or takes it out, instead of choosing it alone. */
export const mixing = signal(false);
/** One more was asked for than there is room for. */
export const crowded = signal(false);

const alone = (id: string): readonly Part[] => [{ id, weight: 1 }];

/** Rounded as the sliders are. */
const mean = (parts: readonly Part[]) =>
  Math.round((100 * parts.reduce((sum, { weight }) => sum + weight, 0)) / parts.length) / 100;

function set(parts: readonly Part[]): void {
  batch(() => {
    mixture.value = parts;
    crowded.value = false;
  });
}

export function chooseAlone(id: string): void {
  set(alone(id));
}

/** Takes over a mixture as it is. */
export function setMixture(parts: readonly Part[]): void {
  batch(() => {
    set(parts);
    mixing.value = parts.length > 1;
  });
}

/** Adds a style, or takes it out; the last one stays. False if there was no room. */
export function toggle(id: string): boolean {
  const { value: parts } = mixture;
  const others = parts.filter((part) => part.id !== id);
  if (others.length < parts.length) {
    if (others.length > 0) set(others.length === 1 ? alone(others[0]!.id) : others);
    return true;
  }
  if (parts.length >= MOST_STYLES) {
    crowded.value = true;
    return false;
  }
  if (parts.length === 1)
    set([...parts, { id, weight: 1 }].map((part) => ({ ...part, weight: HALF })));
  else set([...parts, { id, weight: parts.length === 0 ? 1 : mean(parts) }]);
  return true;
}

/** Adds a style where styles are mixed, else chooses it alone. False if there was no room. */
export function admit(id: string): boolean {
  if (mixing.value) return toggle(id);
  chooseAlone(id);
  return true;
}

export function weigh(id: string, weight: number): void {
  set(mixture.value.map((part) => (part.id === id ? { id, weight } : part)));
}

/** Begins to mix, or leaves the style that counts most. */
export function setMixing(on: boolean): void {
  batch(() => {
    mixing.value = on;
    crowded.value = false;
    const [first, ...others] = mixture.value;
    if (on || !first) return;
    set(alone(others.reduce((most, part) => (part.weight > most.weight ? part : most), first).id));
  });
}

/** 0..1 of the whole mixture. */
export function shareOf({ weight }: Part): number {
  return weight / mixture.value.reduce((sum, part) => sum + part.weight, 0);
}
