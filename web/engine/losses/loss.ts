/**
 * What a loss is. One entry is one file beside this one; index.ts is the table of them.
 *
 * A style loss looks at a layer through values that are sums over its positions. So the same entry serves a whole
 * picture, a picture in tiles (sums of tiles add up) and a region of a picture (positions are weighted):
 *
 *     features [1, C, H, W] ──sums──▶ sums ──statistics──▶ statistics ──compare──▶ scalar
 *                                  (tiles add up)      (styles blend)      ▲
 *                                                             └──target────┘
 *
 * 1. `sums`: the only half that touches positions, and the only one whose cost grows with the picture.
 * 2. `statistics`: of the sums and their count; those of several style pictures blend linearly, weights summing to 1.
 * 3. `target`: what of the blended statistics `compare` wants to have, worked out once (a matrix root, say).
 * 4. `compare`: how far statistics are from a target.
 *
 * In tiles: add up the `sums` of the tiles; `statistics` and `compare` once; the cotangents of the sums by autodiff; then
 * pull these back through `sums` and network, tile by tile. Each tile counts the positions that are its own, by
 * `weights` of 0 and 1 or by cutting its features.
 */
import type { StyleSettings } from '../../../shared/settings.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import type { TensorData } from '../graph/tensor.ts';

/** Of one layer in one run. */
export interface LayerContext {
  readonly settings: StyleSettings;
  /** Factor that brings the layer's activations to the scale in which weights are meant; 1: as the network has them. */
  readonly unit: number;
}

export interface StyleLoss {
  /** False: `sums` must see the whole layer at once, and its values do not add up over tiles. */
  readonly tiled: boolean;

  /**
   * Sums over positions, float32.
   *
   * @param features [1, C, H, W]
   * @param weights how much each position counts, at least 0: [1, 1, H, W]; left out: 1 each
   */
  sums(b: GraphBuilder, features: Value, layer: LayerContext, weights?: Value): readonly Value[];

  /**
   * What blends linearly over style pictures.
   *
   * @param count number of positions that were summed over, or the sum of their weights; above 0
   */
  statistics(
    b: GraphBuilder,
    sums: readonly Value[],
    count: number,
    layer: LayerContext,
  ): readonly Value[];

  /**
   * What `compare` takes beside an image's statistics, from those of the style.
   *
   * @param statistics initializers: measured, or outlines, where only dims are wanted
   */
  target(b: GraphBuilder, statistics: readonly Value[], layer: LayerContext): readonly Value[];

  /** Scalar, 0 where statistics are those that the target was made of. Differentiable in the statistics. */
  compare(
    b: GraphBuilder,
    statistics: readonly Value[],
    target: readonly Value[],
    layer: LayerContext,
  ): Value;
}

/** A content loss: a sum over positions and channels, times a factor that the content picture decides. */
export interface ContentLoss {
  /** False: `seen` needs the whole layer at once. */
  readonly tiled: boolean;

  /** What is compared: [1, C, H, W], from features of the same dims; of the content picture it is the target. */
  seen(b: GraphBuilder, features: Value, layer: LayerContext): Value;

  /** Sum over the positions of a tile, weighted or not. Scalar. */
  sum(b: GraphBuilder, seen: Value, target: Value, weights?: Value): Value;

  /** What the sum over the whole picture is multiplied by. */
  factor(target: TensorData, layer: LayerContext): number;
}
