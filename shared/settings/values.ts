/** Values of settings that are more than a number or a word. */
import * as v from 'valibot';
import { numberIn, readNumber, readNumbers } from './kinds.ts';

const layer = v.object({
  /** Tap name: `relu1_1`, `layer1.2`, or any value of an ONNX file. */
  tap: v.pipe(v.string(), v.minLength(1)),
  /** Factor of this layer's loss. */
  weight: numberIn({ min: 0 }),
});
export type Layer = v.InferOutput<typeof layer>;
export const layersSchema = v.array(layer);

/** `relu1_1,relu2_1:0.5` as layers; a weight that is not said is 1. */
export function readLayers(text: string): Layer[] | undefined {
  if (text.trim() === '') return [];
  const all = text.split(',').map((item): Layer | undefined => {
    const [, tap, weight] = /^([^:].*?)(?::([^:]+))?$/.exec(item.trim()) ?? [];
    const factor = weight === undefined ? 1 : readNumber(weight);
    return tap && factor !== undefined ? { tap, weight: factor } : undefined;
  });
  return all.includes(undefined) ? undefined : (all as Layer[]);
}

export const writeLayers = (layers: readonly Layer[]): string =>
  layers.map(({ tap, weight }) => (weight === 1 ? tap : `${tap}:${weight}`)).join(',');

const rgb = v.strictTuple([numberIn({}), numberIn({}), numberIn({})]);
const deviation = numberIn({ above: 0 });

/** How a network's input is made from RGB 0..1: (x · range − mean) / std, mean and std in that range. */
export const preprocess = v.object({
  range: numberIn({ min: 1e-6 }),
  mean: rgb,
  std: v.strictTuple([deviation, deviation, deviation]),
});
export type Preprocess = v.InferOutput<typeof preprocess>;

/** `255:123.7,116.3,103.5:1,1,1` as an input convention; `network`: the network's own. */
export function readPreprocess(text: string): unknown {
  if (text.trim() === 'network') return null;
  const [range, mean, std, ...more] = text.split(':').map(readNumbers);
  return range?.length === 1 && mean && std && more.length === 0
    ? { range: range[0], mean, std }
    : undefined;
}

export const writePreprocess = (value: Preprocess | null): string =>
  value === null ? 'network' : [value.range, value.mean, value.std].map(String).join(':');
