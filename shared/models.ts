/** `manifest.json` beside the model files: what there is, where, and how to know it is whole. */
import * as v from 'valibot';

const names = v.array(v.pipe(v.string(), v.minLength(1)));
const amount = v.pipe(v.number(), v.finite(), v.minValue(0));

/** What can be tapped in a feature network, and what it taps by itself. */
const layers = v.object({ all: names, style: names, content: names });

/** Bytes alive at once: so many a pixel of the input, and those that do not grow with the picture. */
const memory = v.object({ bytes: amount, fixedBytes: amount });

/** Of one step over the layers above, or of enlarging: floating point operations a pixel, and memory. */
const cost = v.object({
  flops: amount,
  ...memory.entries,
  /** Memory of the same as WebAssembly takes it for speed; of the fixed bytes those made of constants (memory.ts). */
  wasm: v.optional(v.object({ ...memory.entries, madeBytes: amount })),
});
export type Cost = v.InferOutput<typeof cost>;

export const modelEntry = v.object({
  /** What people type: `lite-vgg`, `vgg19`, `resnet50`. */
  id: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]*$/)),
  /** What it does: features that a style is made of (where it is not said), enlarging pictures, or sketching at once. */
  kind: v.optional(v.picklist(['features', 'upscaler', 'sketch'])),
  /** File name beside the manifest. */
  file: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]*\.onnx$/)),
  bytes: v.pipe(v.number(), v.integer(), v.minValue(1)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  label: v.string(),
  licence: v.string(),
  source: v.string(),
  /** Of a sketch network: the id of the feature network that sees for it. */
  encoder: v.optional(v.string()),
  /** These are written by `npm run models`; files of others may lack them. */
  layers: v.optional(layers),
  /** Least side in pixels of a picture for those layers, or what their pooling leaves nothing of. */
  least: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  cost: v.optional(cost),
});
export type ModelEntry = v.InferOutput<typeof modelEntry>;

/** A model file and where it lies. */
export interface ModelSource {
  readonly entry: ModelEntry;
  /** Absolute, as page and worker have different addresses. */
  readonly url: string;
}

export const manifestSchema = v.object({
  version: v.literal(1),
  models: v.array(modelEntry),
});
export type Manifest = v.InferOutput<typeof manifestSchema>;

export const EMPTY_MANIFEST: Manifest = { version: 1, models: [] };
