/** ResNet50 (He et al. 2015, arXiv:1512.03385, table 1), at any width, batch normalisation folded. */
import type { GraphBuilder } from '../../web/engine/graph/builder.ts';
import type { Value } from '../../web/engine/graph/graph.ts';
import { convolution } from '../../web/engine/networks/convolution.ts';
import type { WeightMap } from '../../web/engine/networks/weights.ts';

/** `v1`: stride 2 in the first 1x1 of a stage (the original). `v1.5`: in its 3x3 (torchvision). */
export type ResNetVariant = 'v1' | 'v1.5';

/** Bottleneck blocks in each stage. */
const STAGES = [3, 4, 6, 3];

export const RESNET_IGNORED = /^fc\.|\.num_batches_tracked$/;

/**
 * The network over a preprocessed image, as deep as the weights reach.
 *
 * @param weights torchvision's names, the convolutions as convolution.ts takes them
 * @returns taps in order: `conv1`, `relu1`, `pool1`, `layerS.B.convI` (after its normalisation, before the ReLU),
 *   `layerS.B.reluI`, and each block's end `layerS.B`
 */
export function buildResNet(
  b: GraphBuilder,
  x: Value,
  weights: WeightMap,
  variant: ResNetVariant,
): Map<string, Value> {
  const taps = new Map<string, Value>();
  const tap = (name: string, value: Value) => (taps.set(name, value), value);
  const stem = tap(
    'conv1',
    convolution(b, x, weights, 'conv1', { norm: 'bn1', stride: 2, pad: 3 }),
  );
  const relu = tap('relu1', b.relu(stem));
  const window = { kernel: [3, 3], strides: [2, 2] };
  const padding = variant === 'v1' ? { ceil: true } : { pads: [1, 1, 1, 1] };
  let h = tap('pool1', b.maxPool(relu, { ...window, ...padding }));
  for (const [stage, blocks] of STAGES.entries()) {
    for (let block = 0; block < blocks; block++) {
      const name = `layer${stage + 1}.${block}`;
      if (!weights.has(`${name}.conv1.weight`) && !weights.has(`${name}.conv2.weight`)) return taps;
      h = bottleneck(b, h, weights, name, {
        stride: stage > 0 && block === 0 ? 2 : 1,
        variant,
        tap,
      });
    }
  }
  return taps;
}

interface Block {
  readonly stride: number;
  readonly variant: ResNetVariant;
  readonly tap: (name: string, value: Value) => Value;
}

function bottleneck(
  b: GraphBuilder,
  x: Value,
  weights: WeightMap,
  name: string,
  { stride, variant, tap }: Block,
): Value {
  const [first, second] = variant === 'v1' ? [stride, 1] : [1, stride];
  const conv = (i: number, from: Value, options: { stride: number; pad: number }) =>
    tap(
      `${name}.conv${i}`,
      convolution(b, from, weights, `${name}.conv${i}`, { norm: `${name}.bn${i}`, ...options }),
    );
  const a = tap(`${name}.relu1`, b.relu(conv(1, x, { stride: first, pad: 0 })));
  const c = tap(`${name}.relu2`, b.relu(conv(2, a, { stride: second, pad: 1 })));
  const out = conv(3, c, { stride: 1, pad: 0 });
  const skip = weights.has(`${name}.downsample.0.weight`)
    ? convolution(b, x, weights, `${name}.downsample.0`, {
        norm: `${name}.downsample.1`,
        stride,
        pad: 0,
      })
    : x;
  return tap(name, b.relu(b.add(out, skip)));
}
