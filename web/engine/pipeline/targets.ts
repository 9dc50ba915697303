/** What a run paints towards: measured on its pictures, once for each scale. */
import type { Layer, StyleSettings } from '../../../shared/settings.ts';
import { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { float32, type TensorData } from '../graph/tensor.ts';
import { contentLossOf, styleLossOf, type LayerContext } from '../losses/index.ts';
import type { FeatureNetwork } from '../networks/network.ts';
import type { Arrays, Runtime } from '../runtime/runtime.ts';
import { tapFloats } from './half.ts';
import type { ChosenLayers } from './layers.ts';
import { rgbOf, type Planes } from './pixels.ts';

export interface Targets {
  /** What the style loss of each style layer takes (StyleLoss.target), blended over the style images. */
  readonly style: ReadonlyMap<string, readonly TensorData[]>;
  /** What the content loss of each content layer takes (ContentLoss.seen, of the content image). */
  readonly content: ReadonlyMap<string, TensorData>;
}

export interface StyleImage {
  readonly planes: Planes;
  /** Above 0; only the ratio to the others' counts. */
  readonly weight: number;
}

/** What the losses are told of the layers. */
export const layerContext = (settings: StyleSettings, split: boolean): LayerContext => ({
  settings,
  unit: 1,
  split,
});

/** The values that `read` makes of each layer's activations on one picture. */
async function look(
  runtime: Runtime,
  network: FeatureNetwork,
  picture: Planes,
  layers: readonly Layer[],
  settings: StyleSettings,
  half: boolean,
  read: (b: GraphBuilder, features: Value) => readonly Value[],
): Promise<Map<string, readonly TensorData[]>> {
  if (layers.length === 0) return new Map();
  const b = new GraphBuilder();
  const image = b.input('picture', [1, 3, picture.height, picture.width]);
  const wanted = layers.map(({ tap }) => tap);
  const { taps } = tapFloats(b, network, image, wanted, settings, half);
  const outputs = layers.map(({ tap }) => {
    const values = read(b, taps.get(tap)!);
    return [tap, values.map((value, i) => b.output(value, `${i} of ${tap}`))] as const;
  });
  return tensorsOf(outputs, await runtime.evaluate(b.build(), { picture: rgbOf(picture) }));
}

/** Targets from the pictures. Style weights are normalised to sum 1. With `half` the network computes in 16 bits. */
export async function measureTargets(
  runtime: Runtime,
  network: FeatureNetwork,
  layers: ChosenLayers,
  settings: StyleSettings,
  content: Planes,
  styles: readonly StyleImage[],
  half = false,
): Promise<Targets> {
  const context = layerContext(settings, runtime.backend === 'webgpu');
  const [ofContent, ofStyle] = [contentLossOf(settings), styleLossOf(settings)];
  const seen = await look(runtime, network, content, layers.content, settings, half, (b, x) => [
    ofContent.seen(b, x, context),
  ]);
  const measured: Map<string, readonly TensorData[]>[] = [];
  for (const { planes } of styles) {
    const statistics = await look(runtime, network, planes, layers.style, settings, half, (b, x) =>
      ofStyle.statistics(b, ofStyle.sums(b, x, context), x.dims[2]! * x.dims[3]!, context),
    );
    measured.push(statistics);
  }
  const total = styles.reduce((sum, { weight }) => sum + weight, 0);
  const weights = styles.map(({ weight }) => weight / total);
  const style = await prepare(runtime, layers.style, measured, weights, (b, statistics) =>
    ofStyle.target(b, statistics, context),
  );
  return { style, content: new Map([...seen].map(([tap, [value]]) => [tap, value!])) };
}

/** The styles' statistics blended, and made into the targets of each layer. */
async function prepare(
  runtime: Runtime,
  layers: readonly Layer[],
  measured: readonly ReadonlyMap<string, readonly TensorData[]>[],
  weights: readonly number[],
  target: (b: GraphBuilder, statistics: readonly Value[]) => readonly Value[],
): Promise<Map<string, readonly TensorData[]>> {
  if (layers.length === 0) return new Map();
  const b = new GraphBuilder();
  const blend = (parts: readonly TensorData[]) =>
    parts
      .map((part, k) => b.mul(b.initializer(part), weights[k]!))
      .reduce((sum, part) => b.add(sum, part));
  const outputs = layers.map(({ tap }) => {
    const statistics = measured.map((of) => of.get(tap)!);
    const blended = statistics[0]!.map((_, i) => blend(statistics.map((parts) => parts[i]!)));
    return [tap, target(b, blended).map((value, i) => b.output(value, `${i} of ${tap}`))] as const;
  });
  return tensorsOf(outputs, await runtime.evaluate(b.build(), {}));
}

type Outputs = readonly (readonly [tap: string, values: readonly Value[]])[];

const tensorsOf = (outputs: Outputs, arrays: Arrays): Map<string, readonly TensorData[]> =>
  new Map(
    outputs.map(([tap, values]) => [
      tap,
      values.map(({ name, dims }) => float32(dims, arrays[name]!)),
    ]),
  );
