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

/** A quoted name (quotes in it doubled) or a plain one, and a weight or none. */
const LAYER = /^\s*(?:"((?:[^"]|"")+)"|([^",:][^",]*?))(?::([^:",]+))?\s*(?:,|$)/;

/**
 * `relu1_1,relu2_1:0.5` as layers; a weight that is not said is 1. A name with a colon or a comma stands in quotation
 * marks: `"conv:0":2`.
 */
export function readLayers(text: string): Layer[] | undefined {
  const layers: Layer[] = [];
  let rest = text.trim();
  if (rest.endsWith(',')) return undefined;
  while (rest !== '') {
    const [whole, quoted, plain, weight] = LAYER.exec(rest) ?? [];
    const tap = quoted?.replaceAll('""', '"') ?? plain;
    const factor = weight === undefined ? 1 : readNumber(weight);
    if (whole === undefined || !tap || factor === undefined) return undefined;
    layers.push({ tap, weight: factor });
    rest = rest.slice(whole.length);
  }
  return layers;
}

const written = (tap: string): string =>
  /[:,"]|^\s|\s$/.test(tap) ? `"${tap.replaceAll('"', '""')}"` : tap;

export const writeLayers = (layers: readonly Layer[]): string =>
  layers
    .map(({ tap, weight }) => (weight === 1 ? written(tap) : `${written(tap)}:${weight}`))
    .join(',');

const rgb = v.strictTuple([numberIn({}), numberIn({}), numberIn({})]);
const deviation = numberIn({ above: 0 });

/** How a network's input is made from RGB 0..1: (x · range − mean) / std, mean and std in that range. */
export const preprocess = v.object({
  range: numberIn({ min: 1e-6 }),
  mean: rgb,
  std: v.strictTuple([deviation, deviation, deviation]),
  /** Blue first, as Caffe's networks see pictures; mean and std are of red, green and blue all the same. */
  order: v.exactOptional(v.literal('bgr')),
});
export type Preprocess = v.InferOutput<typeof preprocess>;

/** Conventions by the program whose networks see pictures so. */
export const CONVENTIONS = {
  /** Keras calls it `torch`. */
  torchvision: { range: 1, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  /** −1..1 */
  tf: { range: 2, mean: [1, 1, 1], std: [1, 1, 1] },
  caffe: { range: 255, mean: [123.68, 116.779, 103.939], std: [1, 1, 1], order: 'bgr' },
  '0..1': { range: 1, mean: [0, 0, 0], std: [1, 1, 1] },
  '0..255': { range: 255, mean: [0, 0, 0], std: [1, 1, 1] },
} as const satisfies Record<string, Preprocess>;

/**
 * A convention by its name, or as `255:123.7,116.3,103.5:1,1,1`, with `:bgr` behind it where blue comes first; `network`:
 * the network's own.
 */
export function readPreprocess(text: string): unknown {
  const word = text.trim();
  if (word === 'network') return null;
  if (Object.hasOwn(CONVENTIONS, word)) return CONVENTIONS[word as keyof typeof CONVENTIONS];
  const blueFirst = word.endsWith(':bgr');
  const [range, mean, std, ...more] = (blueFirst ? word.slice(0, -4) : word)
    .split(':')
    .map(readNumbers);
  return range?.length === 1 && mean && std && more.length === 0
    ? { range: range[0], mean, std, ...(blueFirst && { order: 'bgr' }) }
    : undefined;
}

export const writePreprocess = (value: Preprocess | null): string =>
  value === null
    ? 'network'
    : [value.range, value.mean, value.std, ...(value.order ? [value.order] : [])]
        .map(String)
        .join(':');
