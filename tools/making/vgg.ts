/** VGG19 (Simonyan and Zisserman 2014, arXiv:1409.1556, table 1, column E), at any width. */
import type { GraphBuilder } from '../../web/engine/graph/builder.ts';
import type { Value } from '../../web/engine/graph/graph.ts';
import { convolution } from '../../web/engine/networks/convolution.ts';
import type { WeightMap } from '../../web/engine/networks/weights.ts';

/** Convolutions in each of the five blocks; a max-pool between blocks. */
const BLOCKS = [2, 2, 4, 4, 4];

/** What torchvision's files hold beside the convolutions. */
export const VGG_IGNORED = /^classifier\./;

/**
 * The network over a preprocessed image, as deep as the weights reach.
 *
 * @param weights torchvision's names `features.N.weight` [Cout, Cin, 3, 3] and `features.N.bias` [Cout], or the low-rank
 *   form of convolution.ts
 * @returns taps in order: `convN_M` before the ReLU, `reluN_M` after it
 */
export function buildVgg(b: GraphBuilder, x: Value, weights: WeightMap): Map<string, Value> {
  const taps = new Map<string, Value>();
  let index = 0;
  let h = x;
  for (const [i, count] of BLOCKS.entries()) {
    for (let j = 1; j <= count; j++) {
      const name = `features.${index}`;
      const ends = taps.size > 0 && !weights.has(`${name}.weight`) && !weights.has(`${name}.bias`);
      if (ends) return taps;
      if (j === 1 && i > 0) h = b.maxPool(h, { kernel: [2, 2] });
      const conv = convolution(b, h, weights, name, { stride: 1, pad: 1, size: 3 });
      h = b.relu(conv);
      taps.set(`conv${i + 1}_${j}`, conv).set(`relu${i + 1}_${j}`, h);
      index += 2;
    }
    index += 1;
  }
  return taps;
}
