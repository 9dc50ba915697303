/**
 * A style loss region by region (Gatys et al. 2017, "Controlling Perceptual Factors in Neural Style Transfer",
 * arXiv:1611.07865, section 4, equations 3 and 4): features are multiplied by a guidance channel T, so that in every sum
 * a position counts T². Each region has a target of its own, and a share of the loss.
 */
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import type { StyleLoss } from './loss.ts';

/** A region as one layer sees it. */
export interface Guide {
  /** T²: [1, 1, H, W], at least 0. */
  readonly weights: (b: GraphBuilder) => Value;
  /** ΣT² over the whole layer, above 0. */
  readonly count: number;
  /** What its loss is multiplied by. */
  readonly share: number;
}

/** Sums, statistics and target of the loss are those of the regions, one after the other. */
export function guided(loss: StyleLoss, guides: readonly Guide[]): StyleLoss {
  const partOf = (values: readonly Value[], i: number) => {
    const length = values.length / guides.length;
    return values.slice(i * length, (i + 1) * length);
  };
  return {
    tiled: loss.tiled,

    sums: (b, features, layer, weights) =>
      guides.flatMap((guide) => {
        const own = guide.weights(b);
        return loss.sums(b, features, layer, weights ? b.mul(own, weights) : own);
      }),

    statistics: (b, sums, _count, layer) =>
      guides.flatMap(({ count }, i) => loss.statistics(b, partOf(sums, i), count, layer)),

    target: (b, statistics, layer) =>
      guides.flatMap((_, i) => loss.target(b, partOf(statistics, i), layer)),

    compare: (b, statistics, target, layer) =>
      guides
        .map(({ share }, i) =>
          b.mul(loss.compare(b, partOf(statistics, i), partOf(target, i), layer), share),
        )
        .reduce((sum, part) => b.add(sum, part)),
  };
}
