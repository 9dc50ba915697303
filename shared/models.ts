/** `manifest.json` beside the model files: what there is, where, and how to know it is whole. */
import * as v from 'valibot';

export const modelEntry = v.object({
  /** What people type: `lite-vgg`, `vgg19`, `resnet50`. */
  id: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]*$/)),
  /** What it does: features that a style is made of (where it is not said), or enlarging pictures. */
  kind: v.optional(v.picklist(['features', 'upscaler'])),
  /** File name beside the manifest. */
  file: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]*\.onnx$/)),
  bytes: v.pipe(v.number(), v.integer(), v.minValue(1)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  label: v.string(),
  licence: v.string(),
  source: v.string(),
});
export type ModelEntry = v.InferOutput<typeof modelEntry>;

export const manifestSchema = v.object({
  version: v.literal(1),
  models: v.array(modelEntry),
});
export type Manifest = v.InferOutput<typeof manifestSchema>;

export const EMPTY_MANIFEST: Manifest = { version: 1, models: [] };
