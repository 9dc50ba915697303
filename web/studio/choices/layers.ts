/** Which layers of the chosen network count, as far as the manifest names them. */
import { computed } from '@preact/signals-core';
import type { Layer } from '../../../shared/settings.ts';
import { change, settings } from './choices.ts';
import { chosenNetworks } from '../networks/networks.ts';

export interface Tappable {
  /** Those worth choosing from: activations, not what leads to them. */
  readonly names: readonly string[];
  readonly style: readonly Layer[];
  /** The first stands for them all. */
  readonly content: readonly Layer[];
}

const ACTIVATION = /^relu\d|^layer\d+\.\d+$/;

/** null: two networks, which share no names, or one of which nothing is known. */
export const tappable = computed<Tappable | null>(() => {
  const [network, ...others] = chosenNetworks.value;
  const { layers } = network ?? {};
  if (!layers || others.length > 0) return null;
  const { styleLayers, contentLayers } = settings.value;
  const own = (taps: readonly string[]) => taps.map((tap): Layer => ({ tap, weight: 1 }));
  const style = styleLayers.length > 0 ? styleLayers : own(layers.style);
  const content = contentLayers.length > 0 ? contentLayers : own(layers.content);
  const used = new Set([...style, ...content].map(({ tap }) => tap));
  const activations = layers.all.some((tap) => ACTIVATION.test(tap));
  const names = layers.all.filter((tap) => used.has(tap) || !activations || ACTIVATION.test(tap));
  return { names, style, content };
});

const sorted = (layers: readonly Layer[], { names }: Tappable) =>
  [...layers].sort((a, b) => names.indexOf(a.tap) - names.indexOf(b.tap));

/** Takes a style layer in or out; the last one stays. Returns whether it is in. */
export function toggleLayer(now: Tappable, tap: string): boolean {
  const others = now.style.filter((layer) => layer.tap !== tap);
  if (others.length === now.style.length) setStyleLayers(now, [...others, { tap, weight: 1 }]);
  else if (others.length > 0) setStyleLayers(now, others);
  return others.length === now.style.length || others.length === 0;
}

export function weighLayer(now: Tappable, tap: string, weight: number): void {
  setStyleLayers(
    now,
    now.style.map((layer) => (layer.tap === tap ? { tap, weight } : layer)),
  );
}

/** The network's own need not be spelled out. */
function setStyleLayers(now: Tappable, layers: readonly Layer[]): void {
  const own = chosenNetworks.value[0]?.layers?.style ?? [];
  const list = sorted(layers, now);
  const usual = list.map(({ tap }) => tap).join() === own.join() && list.every(isPlain);
  change({ styleLayers: usual ? [] : list });
}

const isPlain = ({ weight }: Layer) => weight === 1;

export function setContentLayer(tap: string): void {
  const own = chosenNetworks.value[0]?.layers?.content ?? [];
  change({ contentLayers: own.join() === tap ? [] : [{ tap, weight: 1 }] });
}
