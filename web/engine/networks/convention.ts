/** What a network was trained to see, against RGB 0..1, which is what its graph takes. */
import { CONVENTIONS, type Preprocess } from '../../../shared/settings.ts';
import { InvalidModelError } from '../errors.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { float32 } from '../graph/tensor.ts';

/** torchvision's ImageNet convention. */
export const TORCHVISION: Preprocess = CONVENTIONS.torchvision;

/** The convention in a weight file's metadata (`input_range`, `input_mean`, `input_std`), torchvision's without. */
export function conventionOf(metadata: Readonly<Record<string, string>>): Preprocess {
  const triple = (key: string, fallback: Preprocess['mean']): Preprocess['mean'] => {
    if (metadata[key] === undefined) return fallback;
    const numbers = metadata[key].split(',').map(Number);
    if (numbers.length !== 3 || !numbers.every(Number.isFinite)) {
      throw new InvalidModelError(
        `the file's ${key} is not three numbers`,
        'Give it by --mean or --std.',
      );
    }
    return numbers as unknown as Preprocess['mean'];
  };
  const range = Number(metadata['input_range'] ?? TORCHVISION.range);
  if (!(range > 0))
    throw new InvalidModelError("the file's input_range is not a number", 'Give it by --range.');
  return {
    range,
    mean: triple('input_mean', TORCHVISION.mean),
    std: triple('input_std', TORCHVISION.std),
  };
}

/** (x · range − mean) / std as one Mul and one Add, the channels turned round where the network wants blue first. `image`: [1, 3, H, W], RGB 0..1. */
export function preprocessed(
  b: GraphBuilder,
  image: Value,
  { range, mean, std, order }: Preprocess,
): Value {
  const channel = (values: readonly number[], name: string) =>
    b.initializer(float32([1, 3, 1, 1], values), name);
  const scale = channel(
    std.map((s) => range / s),
    'preprocess.scale',
  );
  const shift = channel(
    mean.map((m, i) => -m / std[i]!),
    'preprocess.shift',
  );
  const x = b.add(b.mul(image, scale), shift);
  if (order !== 'bgr') return x;
  return b.concat(
    [2, 1, 0].map((c) => b.slice(x, [1], [c], [c + 1])),
    1,
  );
}
