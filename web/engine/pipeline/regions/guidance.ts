/** Regions as a network's layers see them. */
import { UnsupportedOperatorError } from '../../errors.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { float32, type TensorData } from '../../graph/tensor.ts';
import { guided, type Guide, type StyleLoss } from '../../losses/index.ts';
import type { FeatureNetwork } from '../../networks/network.ts';
import type { ChosenLayers } from '../layers.ts';
import type { Planes } from '../pixels.ts';
import { reachesOf, type Reach, type Reaches } from '../receptive.ts';
import type { Region } from './regions.ts';

/** A region in one layer. */
export interface LayerGuide {
  /** T², [1, 1, H, W]: one minus what of a position's receptive field lies elsewhere, squared. */
  readonly weights: TensorData;
  /** Their sum. */
  readonly count: number;
  /** The region's part of the picture, 0..1: so style and content weigh as in a whole picture. */
  readonly share: number;
}

/** By layer, the guides of every painted region, in the regions' order. */
export type Guidance = ReadonlyMap<string, readonly LayerGuide[]>;

/** Keeps a region that no position of a layer sees from dividing by nothing. */
const TINY = 1e-9;

/** The loss of a layer region by region. `weights`: in place of the guides' own, as of a tile. */
export function guidedBy(
  loss: StyleLoss,
  guidance: Guidance | undefined,
  tap: string,
  weights?: readonly Guide['weights'][],
): StyleLoss {
  if (!guidance) return loss;
  const guides = guidance.get(tap)!.map(({ weights: own, count, share }, i): Guide => ({
    weights: weights?.[i] ?? ((b) => b.initializer(own, 'guide')),
    count,
    share,
  }));
  return guided(loss, guides);
}

/** Guides of `regions`, whose covers are of the size that is painted. */
export function guide(
  network: FeatureNetwork,
  layers: ChosenLayers,
  regions: readonly Region[],
): Guidance {
  const { width, height } = regions[0]!.cover;
  const b = new GraphBuilder();
  const x = b.input('x', [1, 3, height, width]);
  const names = layers.style.map(({ tap }) => tap);
  const taps = network.tap(b, x, names);
  const known = reachesIn({ inputs: [x], nodes: b.nodes });
  return new Map(
    names.map((tap) => {
      const value = taps.get(tap)!;
      const [, , h, w] = value.dims as [number, number, number, number];
      const reaches = known?.get(value) ?? [evenly(height, h), evenly(width, w)];
      return [
        tap,
        regions.map(({ cover, share }): LayerGuide => {
          const seen = propagated(cover, reaches, h, w).map((t) => t * t);
          const count = seen.reduce((sum, t) => sum + t, 0);
          return { weights: float32([1, 1, h, w], seen), count: Math.max(count, TINY), share };
        }),
      ];
    }),
  );
}

/** null where an operator looks at the whole picture, or in a way that is not known. */
function reachesIn(graph: Parameters<typeof reachesOf>[0]) {
  try {
    return reachesOf(graph);
  } catch (error) {
    if (error instanceof UnsupportedOperatorError) return null;
    throw error;
  }
}

/** Positions that share the pixels out among them. */
function evenly(pixels: number, positions: number): Reach {
  const stride = pixels / positions;
  const centre = (stride - 1) / 2;
  return { stride, low: centre, high: centre, spread: 0 };
}

/** How far a Gaussian is followed, in deviations. */
const REACH = 3;

interface Taps {
  readonly first: number;
  readonly weights: Float64Array;
}

/**
 * For each position of a layer, a Gaussian of its effective receptive field over the pixels of an axis. What lies beyond
 * the picture does not count.
 */
function tapsOf(size: number, count: number, { stride, low, high, spread }: Reach): Taps[] {
  const deviation = Math.sqrt(Math.max(spread, stride ** 2 / 12, 1e-6));
  return Array.from({ length: count }, (_, i) => {
    const centre = Math.min(size - 1, Math.max(0, stride * i + (low + high) / 2));
    const first = Math.max(0, Math.floor(centre - REACH * deviation));
    const last = Math.min(size - 1, Math.ceil(centre + REACH * deviation));
    const raw = Float64Array.from({ length: last - first + 1 }, (_, k) =>
      Math.exp(-0.5 * ((first + k - centre) / deviation) ** 2),
    );
    const sum = raw.reduce((a, b) => a + b, 0);
    return { first, weights: raw.map((w) => w / sum) };
  });
}

/** The mean of a region's cover over what each position of a layer sees: [H, W], 0..1. */
function propagated(
  { width, height, data }: Planes,
  [vertical, horizontal]: Reaches,
  h: number,
  w: number,
): Float32Array {
  const columns = tapsOf(width, w, horizontal);
  const narrow = new Float32Array(height * w);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < w; x++) {
      const { first, weights } = columns[x]!;
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k]! * data[y * width + first + k]!;
      narrow[y * w + x] = sum;
    }
  }
  const out = new Float32Array(h * w);
  tapsOf(height, h, vertical).forEach(({ first, weights }, y) => {
    for (let k = 0; k < weights.length; k++)
      for (let x = 0; x < w; x++) out[y * w + x]! += weights[k]! * narrow[(first + k) * w + x]!;
  });
  return out;
}
