/** The graphs that tiles run through. Each serves every tile of a picture: which positions are a tile's own comes in as masks. */
import { gradient } from '../../autodiff/gradient.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import type { Graph, Value } from '../../graph/graph.ts';
import {
  contentLossOf,
  styleLossOf,
  type LayerContext,
  type StyleLoss,
} from '../../losses/index.ts';
import { totalVariation } from '../../losses/tv.ts';
import type { FeatureNetwork } from '../../networks/network.ts';
import { luminance } from '../colour.ts';
import { scaledGradient, tapFloats } from '../half.ts';
import { styleShare, type ChosenLayers } from '../layers.ts';
import { guidedBy } from '../regions/guidance.ts';
import type { Scope } from '../regions/scope.ts';
import { layerContext, type Targets, type Units } from '../targets.ts';
import type { StyleSettings } from '../../../../shared/settings.ts';

/** What looks at pictures in a run. */
export interface Eye {
  readonly network: FeatureNetwork;
  readonly layers: ChosenLayers;
  readonly settings: StyleSettings;
  readonly units: Units;
  /** The network computes in 16 bits. */
  readonly half: boolean;
  /** Of the size that is painted; left out: the same everywhere. */
  readonly scope?: Scope | undefined;
}

export interface Size {
  readonly height: number;
  readonly width: number;
}

export const contextOf = ({ settings, units }: Eye, tap: string): LayerContext =>
  layerContext(settings, units, tap);

/** Names of a pass's inputs and outputs. `PIXELS` stands in for a tap where the image's own pixels are meant. */
export const PIXELS = 'pixels';
export const rowsOf = (tap: string): string => `rows of ${tap}`;
export const columnsOf = (tap: string): string => `columns of ${tap}`;
export const sumOf = (tap: string, i: number): string => `sum ${i} of ${tap}`;
export const cotangentOf = (tap: string, i: number): string => `cotangent ${i} of ${tap}`;
export const seenOf = (tap: string): string => `seen of ${tap}`;
export const guideOf = (tap: string, i: number): string => `guide ${i} of ${tap}`;

/** A layer's style loss on a tile of the pastiche, whose guides come in as inputs `guideOf`. */
function lossOfTile(
  b: GraphBuilder,
  { settings, scope }: Eye,
  tap: string,
  features: Value,
): StyleLoss {
  const [, , h, w] = features.dims as [number, number, number, number];
  const inputs = scope?.guidance.get(tap)?.map((_, i) => {
    const input = b.input(guideOf(tap, i), [1, 1, h, w]);
    return () => input;
  });
  return guidedBy(styleLossOf(settings), scope?.guidance, tap, inputs);
}

const total = (b: GraphBuilder, values: readonly Value[]): Value | null =>
  values.length === 0 ? null : values.reduce((sum, value) => b.add(sum, value));

/** Inputs that tell a tile's own positions of `features`: [1, 1, H, 1] and [1, 1, 1, W]. */
function masks(b: GraphBuilder, tap: string, features: Value): [rows: Value, columns: Value] {
  const [, , h, w] = features.dims as [number, number, number, number];
  return [b.input(rowsOf(tap), [1, 1, h, 1]), b.input(columnsOf(tap), [1, 1, 1, w])];
}

function imageOf(b: GraphBuilder, { settings }: Eye, x: Value): Value {
  const unit = settings.pixelRange === 1 ? x : b.mul(x, 1 / settings.pixelRange);
  return settings.colours === 'luminance' ? luminance(b, unit) : unit;
}

/**
 * Pass 1: each style layer's sums over the tile's own positions, as outputs `sumOf`.
 *
 * @param painted the tile is of the pastiche, in units of the pixel range; else of a picture, 0..1
 */
export function sumsGraph(eye: Eye, { height, width }: Size, painted: boolean): Graph {
  const { network, layers, settings, half } = eye;
  const b = new GraphBuilder();
  const x = b.input('x', [1, 3, height, width]);
  const names = layers.style.map(({ tap }) => tap);
  const { taps } = tapFloats(b, network, painted ? imageOf(b, eye, x) : x, names, settings, half);
  for (const tap of names) {
    const features = taps.get(tap)!;
    const loss = painted ? lossOfTile(b, eye, tap, features) : styleLossOf(settings);
    const [rows, columns] = masks(b, tap, features);
    const sums = loss.sums(b, features, contextOf(eye, tap), b.mul(rows, columns));
    sums.forEach((sum, i) => b.output(sum, sumOf(tap, i)));
  }
  return b.build();
}

/** What the content loss sees of a tile of the content picture, as outputs `seenOf`. */
export function seenGraph(eye: Eye, { height, width }: Size): Graph {
  const { network, layers, settings, half } = eye;
  const b = new GraphBuilder();
  const x = b.input('x', [1, 3, height, width]);
  const names = layers.content.map(({ tap }) => tap);
  const { taps } = tapFloats(b, network, x, names, settings, half);
  for (const tap of names)
    b.output(contentLossOf(settings).seen(b, taps.get(tap)!, contextOf(eye, tap)), seenOf(tap));
  return b.build();
}

/** Between the passes: the style loss (`style`, [1]) of the sums over all tiles, and its cotangents, `cotangentOf`. */
export function styleGraph(
  eye: Eye,
  targets: Targets['style'],
  counts: ReadonlyMap<string, number>,
  dims: ReadonlyMap<string, readonly (readonly number[])[]>,
): Graph {
  const b = new GraphBuilder();
  const { layers, settings, scope } = eye;
  const inputs = layers.style.map(({ tap, weight }) => {
    const loss = guidedBy(styleLossOf(settings), scope?.guidance, tap);
    const context = contextOf(eye, tap);
    const sums = dims.get(tap)!.map((each, i) => b.input(sumOf(tap, i), each));
    const found = loss.statistics(b, sums, counts.get(tap)!, context);
    const wanted = targets.get(tap)!.map((data) => b.initializer(data, 'target'));
    return { tap, sums, error: b.mul(loss.compare(b, found, wanted, context), weight) };
  });
  const errors = total(
    b,
    inputs.map(({ error }) => error),
  )!;
  const style = b.mul(errors, styleShare(layers, settings));
  const all = inputs.flatMap(({ tap, sums }) => sums.map((sum, i) => ({ tap, i, sum })));
  const cotangents = gradient(
    b,
    style,
    all.map(({ sum }) => sum),
  );
  b.output(b.reshape(style, [1]), 'style');
  all.forEach(({ tap, i }, k) => b.output(cotangents[k]!, cotangentOf(tap, i)));
  return b.build();
}

/**
 * Pass 2: the gradient of the whole loss with respect to the tile (`gradient`), as far as it flows through the tile's own
 * positions; over all tiles these add up to the gradient. `content` and `tv`, [1]: the tile's share of these losses.
 *
 * @param whole the picture that is cut
 * @param factors what each content layer's sum is multiplied by
 */
export function gradientGraph(
  eye: Eye,
  { height, width }: Size,
  whole: Size,
  factors: ReadonlyMap<string, number>,
): Graph {
  const { network, layers, settings, half } = eye;
  const b = new GraphBuilder();
  const x = b.input('x', [1, 3, height, width]);
  const styled = settings.styleWeight === 0 ? [] : layers.style;
  const contented = settings.contentWeight === 0 ? [] : layers.content;
  const names = [...new Set([...styled, ...contented].map(({ tap }) => tap))];
  const image = imageOf(b, eye, x);
  const { taps, entries } = tapFloats(b, network, image, names, settings, half);
  const masked = new Map(names.map((tap) => [tap, masks(b, tap, taps.get(tap)!)]));
  const weightsOf = (tap: string) => b.mul(...masked.get(tap)!);

  // <cotangents, sums>: its gradient is the cotangents pulled back.
  const style = styled.flatMap(({ tap }) =>
    lossOfTile(b, eye, tap, taps.get(tap)!)
      .sums(b, taps.get(tap)!, contextOf(eye, tap), weightsOf(tap))
      .map((sum, i) => b.sum(b.mul(sum, b.input(cotangentOf(tap, i), sum.dims)))),
  );
  const content = contented.map(({ tap, weight }) => {
    const loss = contentLossOf(settings);
    const seen = loss.seen(b, taps.get(tap)!, contextOf(eye, tap));
    const error = loss.sum(b, seen, b.input(seenOf(tap), seen.dims), weightsOf(tap));
    return b.mul(error, weight * (factors.get(tap) ?? 1) * settings.contentWeight);
  });
  const ofContent = total(b, content);
  const ofNetwork = total(b, [...content, ...style]);
  const ofTv =
    settings.tvWeight === 0
      ? null
      : b.mul(
          totalVariation(b, x, settings.tv, { own: masks(b, PIXELS, x), whole }),
          settings.tvWeight,
        );
  const gradients = [
    ...(ofNetwork && half ? [scaledGradient(b, ofNetwork, entries, x)] : []),
    ...(ofNetwork && !half ? gradient(b, ofNetwork, [x]) : []),
    ...(ofTv ? gradient(b, ofTv, [x]) : []),
  ];
  b.output(total(b, gradients) ?? b.mul(x, 0), 'gradient');
  b.output(b.reshape(ofContent ?? b.scalar(0), [1]), 'content');
  b.output(b.reshape(ofTv ?? b.scalar(0), [1]), 'tv');
  return b.build();
}
