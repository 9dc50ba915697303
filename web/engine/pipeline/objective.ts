import type { Layer, StyleSettings } from '../../../shared/settings.ts';
import { gradient } from '../autodiff/gradient.ts';
import { contentLoss } from '../losses/content.ts';
import { gramMatrix, styleLoss } from '../losses/style.ts';
import { totalVariation } from '../losses/tv.ts';
import type { FeatureNetwork } from '../networks/network.ts';
import { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { float32, type TensorData } from '../graph/tensor.ts';
import type { Objective } from '../optimizers/optimizer.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { scaledGradient, tapFloats } from './half.ts';
import { luminance } from './colour.ts';
import type { ChosenLayers } from './layers.ts';
import { rgbOf, type Planes } from './pixels.ts';

export interface Targets {
  /** Gram matrix of each style layer, blended over the style images. */
  readonly style: ReadonlyMap<string, TensorData>;
  /** Activation of each content layer. */
  readonly content: ReadonlyMap<string, TensorData>;
}

const imageDims = ({ width, height }: Planes) => [1, 3, height, width];

/** What a tap looks like on one picture, by the values `read` makes of it. */
async function look(
  runtime: Runtime,
  network: FeatureNetwork,
  picture: Planes,
  layers: readonly Layer[],
  settings: StyleSettings,
  half: boolean,
  read: (b: GraphBuilder, features: Value) => Value,
): Promise<Map<string, TensorData>> {
  if (layers.length === 0) return new Map();
  const b = new GraphBuilder();
  const image = b.input('picture', imageDims(picture));
  const wanted = layers.map(({ tap }) => tap);
  const { taps } = tapFloats(b, network, image, wanted, settings, half);
  const outputs = layers.map(
    ({ tap }) => [tap, b.output(read(b, taps.get(tap)!), `of ${tap}`)] as const,
  );
  const arrays = await runtime.evaluate(b.build(), { picture: rgbOf(picture) });
  return new Map(outputs.map(([tap, { name, dims }]) => [tap, float32(dims, arrays[name]!)]));
}

/** Targets from the pictures. Style weights are normalised to sum 1. With `half` the network computes in 16 bits. */
export async function measureTargets(
  runtime: Runtime,
  network: FeatureNetwork,
  layers: ChosenLayers,
  settings: StyleSettings,
  content: Planes,
  styles: readonly { readonly planes: Planes; readonly weight: number }[],
  half = false,
): Promise<Targets> {
  const split = runtime.backend === 'webgpu';
  const ofContent = await look(
    runtime,
    network,
    content,
    layers.content,
    settings,
    half,
    (_b, x) => x,
  );
  const total = styles.reduce((sum, { weight }) => sum + weight, 0);
  const blended = new Map<string, TensorData>();
  for (const { planes, weight } of styles) {
    const grams = await look(runtime, network, planes, layers.style, settings, half, (b, x) =>
      b.mul(gramMatrix(b, x, settings.gram, split), weight / total),
    );
    for (const [tap, gram] of grams) blended.set(tap, addTensors(blended.get(tap), gram));
  }
  return { style: blended, content: ofContent };
}

function addTensors(a: TensorData | undefined, b: TensorData): TensorData {
  if (!a) return b;
  const [left, right] = [a, b].map(
    ({ bytes }) => new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4),
  );
  return float32(
    a.dims,
    left!.map((value, i) => value + right![i]!),
  );
}

/** Weighted content, style and total variation losses of an image in units of the pixel range, and their gradient. */
export function makeObjective(
  network: FeatureNetwork,
  layers: ChosenLayers,
  targets: Targets,
  settings: StyleSettings,
  split: boolean,
  half = false,
): Objective {
  return (b, x) => {
    const unit = settings.pixelRange === 1 ? x : b.mul(x, 1 / settings.pixelRange);
    const image = settings.keepColours ? luminance(b, unit) : unit;
    const wanted = [...new Set([...layers.style, ...layers.content].map(({ tap }) => tap))];
    const { taps, entries } = tapFloats(b, network, image, wanted, settings, half);
    const weighted = (loss: Value | null, weight: number) =>
      loss && weight !== 0 ? b.mul(loss, weight) : null;
    const sum = (losses: readonly Value[]) =>
      losses.length === 0 ? null : losses.reduce((all, loss) => b.add(all, loss));
    const styles = layers.style.map(({ tap, weight }) => {
      const gram = gramMatrix(b, taps.get(tap)!, settings.gram, split);
      return b.mul(styleLoss(b, gram, targets.style.get(tap)!, settings.styleLoss), weight);
    });
    const contents = layers.content.map(({ tap, weight }) =>
      b.mul(
        contentLoss(b, taps.get(tap)!, targets.content.get(tap)!, settings.contentLoss),
        weight,
      ),
    );
    const perLayer = settings.layerSum === 'mean' ? 1 / Math.max(1, styles.length) : 1;
    const parts = [
      weighted(sum(contents), settings.contentWeight),
      weighted(sum(styles), settings.styleWeight * perLayer),
      settings.tvWeight === 0 ? null : b.mul(totalVariation(b, x, settings.tv), settings.tvWeight),
    ];
    const total = sum(parts.filter((part) => part !== null)) ?? b.mul(b.sum(x), 0);
    const g = half
      ? sum([scaledGradient(b, total, entries, x), ...(parts[2] ? gradient(b, parts[2], [x]) : [])])
      : gradient(b, total, [x])[0];
    const vector = [total, ...parts].map((part) => b.reshape(part ?? b.scalar(0), [1]));
    return { total, parts: b.concat(vector, 0), gradient: g! };
  };
}
