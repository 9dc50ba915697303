/** Layers for a network that names none: by depth, as everybody takes them of VGG. */
import type { Layer } from '../../../shared/settings.ts';
import type { FeatureNetwork } from './network.ts';

/** A picture large enough for the deepest networks there are, small enough to draw quickly. */
const SIZE = 256;
/** Levels of resolution that style is taken from; content comes from the last but one of them. */
const LEVELS = 5;
/** Statistics of fewer positions say nothing. */
const SMALLEST = 8;

const ACTIVATIONS = new Set(
  'Relu LeakyRelu PRelu Elu Selu Celu Clip Gelu Mish HardSwish Softplus Sigmoid Tanh ThresholdedRelu'.split(
    ' ',
  ),
);

export interface NetworkLayer {
  readonly tap: string;
  /** Channels of its activation. */
  readonly channels: number;
  /** Of the picture's side that its activation is wide: 1, 1/2, ... */
  readonly share: number;
}

export interface Suggestion {
  /** What can be tapped, from the picture on down. */
  readonly layers: readonly NetworkLayer[];
  readonly style: readonly Layer[];
  readonly content: readonly Layer[];
}

/**
 * The network's [1, C, H, W] values, and of its activations (of its convolutions, if there are none) the first of each
 * resolution for style (Gatys et al. 2016, section 2.2), and the second of the fourth resolution for content.
 */
export function suggestLayers(network: FeatureNetwork): Suggestion {
  const values = network
    .survey(SIZE)
    .filter(({ dims }) => dims.length === 4 && dims[0] === 1 && dims[1]! > 3)
    .filter(({ dims }) => Math.min(dims[2]!, dims[3]!) >= SMALLEST);
  const layers = values.map(({ name, dims }) => ({
    tap: name,
    channels: dims[1]!,
    share: dims[3]! / SIZE,
  }));
  const ofKind = (is: (op: string) => boolean) => values.filter(({ op }) => is(op));
  const active = ofKind((op) => ACTIVATIONS.has(op));
  const candidates = active.length > 0 ? active : ofKind((op) => op === 'Conv');
  const levels = new Map<number, string[]>();
  for (const { name, dims } of candidates) {
    levels.set(dims[3]!, [...(levels.get(dims[3]!) ?? []), name]);
  }
  const kept = [...levels.values()].slice(0, LEVELS);
  const deep = kept[Math.max(0, Math.min(LEVELS - 2, kept.length - 1))] ?? [];
  const layer = (tap: string): Layer => ({ tap, weight: 1 });
  return {
    layers,
    style: kept.map(([first]) => layer(first!)),
    content: deep.slice(0, 2).slice(-1).map(layer),
  };
}
