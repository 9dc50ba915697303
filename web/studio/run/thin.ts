/** Whether the pictures on the easel are too thin for the chosen networks, said before anything is painted. */
import { computed } from '@preact/signals-core';
import type { ModelEntry } from '../../../shared/models.ts';
import { networks, selectNetworks } from '../networks/networks.ts';
import type { Picture } from '../pictures/picture.ts';
import { repeatThin } from '../pictures/repeat.ts';
import { wanted, type Wish } from './wish.ts';

export interface Thin {
  readonly role: 'photo' | 'style';
  /** Where it is painted, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Least side that the network needs. */
  readonly least: number;
  /** A network that needs less, if there is one that does. */
  readonly other: ModelEntry | null;
}

type Size = Pick<Thin, 'width' | 'height'>;

/** As it is painted: scaled to the long side, and a style never enlarged. */
function painted({ width, height }: Picture, longSide: number, enlarged: boolean): Size {
  const long = Math.max(width, height);
  const scale = (enlarged ? longSide : Math.min(longSide, long)) / long;
  const side = (pixels: number) => Math.max(1, Math.round(pixels * scale));
  return { width: side(width), height: side(height) };
}

const shorter = ({ width, height }: Size) => Math.min(width, height);

function thinIn({ photo, styles, networks: chosen, settings }: Wish): Thin | null {
  // What other layers need is known to the engine alone.
  if (settings.styleLayers.length > 0 || settings.contentLayers.length > 0) return null;
  const least = Math.max(...chosen.map((network) => network.least ?? 1));
  const { size, styleScale } = settings;
  const seen = [
    { role: 'photo' as const, ...painted(photo, size, true) },
    ...styles.map(({ picture }) => ({
      role: 'style' as const,
      ...painted(picture, Math.round(size * styleScale), false),
    })),
  ];
  const thinnest = seen.reduce((most, one) => (shorter(one) < shorter(most) ? one : most));
  if (shorter(thinnest) >= least) return null;
  const there = Array.isArray(networks.value) ? networks.value : [];
  const other = there.find(
    (network) => network.least !== undefined && network.least <= shorter(thinnest),
  );
  return { ...thinnest, least, other: other ?? null };
}

export const thin = computed<Thin | null>(() => wanted.value && thinIn(wanted.value));

/** Repeats what is too thin until it is wide enough. */
export async function repeatPictures(): Promise<void> {
  const { value: wish } = wanted;
  if (wish) await repeatThin(wish.photo, wish.styles, wish.settings.size);
}

export function takeOtherNetwork(): void {
  const other = thin.value?.other;
  if (other) selectNetworks([other.id]);
}
