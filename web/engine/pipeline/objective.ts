import type { Layer, StyleSettings } from '../../../shared/settings.ts';
import { gradient } from '../autodiff/gradient.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { float32 } from '../graph/tensor.ts';
import { contentLossOf, styleLossOf } from '../losses/index.ts';
import { totalVariation } from '../losses/tv.ts';
import type { FeatureNetwork } from '../networks/network.ts';
import type { Objective } from '../optimizers/optimizer.ts';
import { scaledGradient, tapFloats } from './half.ts';
import { luminance } from './colour.ts';
import { styleShare, type ChosenLayers } from './layers.ts';
import { guidedBy } from './regions/guidance.ts';
import type { Hold, Scope } from './regions/scope.ts';
import { layerContext, type Targets } from './targets.ts';

/**
 * Weighted content, style and total variation losses of an image in units of the pixel range, and their gradient.
 *
 * @param scope which style goes where; left out: everywhere the same
 */
export function makeObjective(
  network: FeatureNetwork,
  layers: ChosenLayers,
  targets: Targets,
  settings: StyleSettings,
  half = false,
  scope?: Scope,
): Objective {
  const contextOf = (tap: string) => layerContext(settings, targets.units, tap);
  return (b, painting) => {
    const x = scope?.hold ? held(b, painting, scope.hold) : painting;
    const unit = settings.pixelRange === 1 ? x : b.mul(x, 1 / settings.pixelRange);
    const image = settings.colours === 'luminance' ? luminance(b, unit) : unit;
    const wanted = [...new Set([...layers.style, ...layers.content].map(({ tap }) => tap))];
    const { taps, entries } = tapFloats(b, network, image, wanted, settings, half);
    const weighted = (loss: Value | null, weight: number) =>
      loss && weight !== 0 ? b.mul(loss, weight) : null;
    const sum = (losses: readonly Value[]) =>
      losses.length === 0 ? null : losses.reduce((all, loss) => b.add(all, loss));
    const overLayers = (of: readonly Layer[], loss: (tap: string) => Value) =>
      sum(of.map(({ tap, weight }) => b.mul(loss(tap), weight)));

    const style = overLayers(layers.style, (tap) => {
      const ofStyle = guidedBy(styleLossOf(settings), scope?.guidance, tap);
      const [features, context] = [taps.get(tap)!, contextOf(tap)];
      const [, , h, w] = features.dims as [number, number, number, number];
      const found = ofStyle.statistics(b, ofStyle.sums(b, features, context), h * w, context);
      const wantedOf = targets.style.get(tap)!.map((data) => b.initializer(data, 'target'));
      return ofStyle.compare(b, found, wantedOf, context);
    });
    const ofContent = contentLossOf(settings);
    const content = overLayers(layers.content, (tap) => {
      const [target, context] = [targets.content.get(tap)!, contextOf(tap)];
      const seen = ofContent.seen(b, taps.get(tap)!, context);
      const error = ofContent.sum(b, seen, b.initializer(target, 'target'));
      return b.mul(error, ofContent.factor(target, context));
    });

    const parts = [
      weighted(content, settings.contentWeight),
      weighted(style, styleShare(layers, settings)),
      settings.tvWeight === 0 ? null : b.mul(totalVariation(b, x, settings.tv), settings.tvWeight),
    ];
    const total = sum(parts.filter((part) => part !== null)) ?? b.mul(b.sum(x), 0);
    const g = half
      ? sum([
          scaledGradient(b, total, entries, painting),
          ...(parts[2] ? gradient(b, parts[2], [painting]) : []),
        ])
      : gradient(b, total, [painting])[0];
    const vector = [total, ...parts].map((part) => b.reshape(part ?? b.scalar(0), [1]));
    return { total, parts: b.concat(vector, 0), gradient: g! };
  };
}

/** The painting where it shows, and the photo where that is left alone: [1, 3, H, W]. */
function held(b: GraphBuilder, painting: Value, { painted, photo }: Hold): Value {
  const [, , h, w] = painting.dims as [number, number, number, number];
  const part = b.initializer(float32([1, 1, h, w], painted), 'painted');
  return b.add(b.mul(painting, part), b.initializer(float32(painting.dims, photo), 'photo'));
}
