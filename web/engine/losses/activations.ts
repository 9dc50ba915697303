/** Content loss: squared differences of activations (Gatys et al. 2016, CVPR, section 2.1, equation 1). */
import { sizeOf, toFloat32 } from '../graph/tensor.ts';
import type { ContentLoss } from './loss.ts';
import { energy, TINY, weightedSum } from './squares.ts';

/** Mean of (F − P)² over all elements, or the paper's half of the sum, or the sum's ratio to ΣP². */
export const activations: ContentLoss = {
  tiled: true,

  seen: (_b, features) => features,

  sum: (b, seen, target, weights) => weightedSum(b, b.square(b.sub(seen, target)), weights),

  factor: (target, { settings, unit }) => {
    switch (settings.contentLoss) {
      case 'mean':
        return unit ** 2 / sizeOf(target.dims);
      case 'half-sum':
        return unit ** 2 / 2;
      case 'relative':
        return 1 / (energy(toFloat32(target)) + TINY);
    }
  },
};
