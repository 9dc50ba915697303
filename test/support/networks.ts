/** Feature networks small enough for a test to run many times, in the shapes that the large ones have. */
import type { GraphBuilder } from '../../web/engine/graph/builder.ts';
import type { Value } from '../../web/engine/graph/graph.ts';
import { float32 } from '../../web/engine/graph/tensor.ts';
import { FeatureNetwork, storeNetwork } from '../../web/engine/networks/network.ts';
import { normal, random } from '../../web/engine/random.ts';

/** Pooled twice, with zeros or the repeated edge around each convolution; or strided, with a shortcut, as in ResNet. */
export type Shape = 'zero' | 'replicate' | 'strided';

/** Random weights, the same for the same shape; taps `a`, `b`, `c`, from fine to coarse. */
export function smallNetwork(shape: Shape): FeatureNetwork {
  return FeatureNetwork.parse(
    storeNetwork(
      {
        label: shape,
        licence: 'none',
        source: 'a test',
        preprocess: { range: 1, mean: [0.5, 0.5, 0.5], std: [0.3, 0.3, 0.3] },
      },
      (b, x) => {
        const taps = shape === 'strided' ? strided(b, x) : pooled(b, x, shape);
        const layer = (tap: string) => ({ tap, weight: 1 });
        return {
          taps,
          styleLayers: [...taps.keys()].map(layer),
          contentLayers: [layer('c')],
        };
      },
    ),
  );
}

/** Convolutions with Kaiming's spread of weights, from one sequence of random numbers. */
function convolutions(b: GraphBuilder, shape: Shape) {
  const next = normal(random(7));
  return (x: Value, channels: number, side: number, stride = 1) => {
    const inputs = x.dims[1]!;
    const spread = Math.sqrt(2 / (inputs * side * side));
    const weights = Array.from({ length: channels * inputs * side * side }, () => spread * next());
    const bias = Array.from({ length: channels }, () => 0.1 * next());
    const pad = (side - 1) / 2;
    const edge = shape === 'replicate';
    const padded = edge ? b.pad(x, [0, 0, pad, pad, 0, 0, pad, pad], 'edge') : x;
    return b.conv(
      padded,
      b.initializer(float32([channels, inputs, side, side], weights)),
      b.initializer(float32([channels], bias)),
      { strides: [stride, stride], pads: edge ? [0, 0, 0, 0] : [pad, pad, pad, pad] },
    );
  };
}

function pooled(b: GraphBuilder, x: Value, shape: Shape): Map<string, Value> {
  const conv = convolutions(b, shape);
  const fine = b.relu(conv(x, 6, 3));
  const middle = b.relu(conv(b.maxPool(fine, { kernel: [2, 2] }), 8, 3));
  const deep = b.relu(conv(middle, 8, 3));
  const coarse = b.relu(conv(b.maxPool(deep, { kernel: [2, 2] }), 10, 3));
  return new Map([
    ['a', fine],
    ['b', middle],
    ['c', coarse],
  ]);
}

function strided(b: GraphBuilder, x: Value): Map<string, Value> {
  const conv = convolutions(b, 'strided');
  const fine = b.relu(conv(x, 6, 7, 2));
  const stem = b.maxPool(fine, { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
  const first = b.relu(b.add(conv(b.relu(conv(stem, 6, 3)), 6, 3), stem));
  const second = b.relu(b.add(conv(b.relu(conv(first, 8, 3, 2)), 8, 3), conv(first, 8, 1, 2)));
  return new Map([
    ['a', fine],
    ['b', first],
    ['c', second],
  ]);
}
