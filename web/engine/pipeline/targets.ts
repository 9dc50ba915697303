/** What a run paints towards: measured on its pictures, once for each scale. */
import type { Layer, StyleSettings } from '../../../shared/settings.ts';
import { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { float32, sizeOf, toFloat32, type TensorData } from '../graph/tensor.ts';
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
  readonly units: Units;
}

/** By layer: LayerContext.unit. Empty: 1 each. */
export type Units = ReadonlyMap<string, number>;

export interface StyleImage {
  readonly planes: Planes;
  /** Above 0; only the ratio to the others' counts. */
  readonly weight: number;
}

/** What losses are told of a layer. */
export const layerContext = (settings: StyleSettings, units: Units, tap: string): LayerContext => ({
  settings,
  unit: units.get(tap) ?? 1,
});

/** The photo's mean activation in scaled units: about that of torchvision's VGG19. */
const MEAN_ACTIVATION = 0.6;
/** A layer as dead as this on the photo is left as it is. */
const DEAD = 1e-6;

/** The values that `read` makes of each layer's activations on one picture. */
async function look(
  runtime: Runtime,
  network: FeatureNetwork,
  picture: Planes,
  layers: readonly Layer[],
  settings: StyleSettings,
  half: boolean,
  read: (b: GraphBuilder, features: Value, tap: string) => readonly Value[],
): Promise<Map<string, readonly TensorData[]>> {
  if (layers.length === 0) return new Map();
  const b = new GraphBuilder();
  const image = b.input('picture', [1, 3, picture.height, picture.width]);
  const wanted = layers.map(({ tap }) => tap);
  const { taps } = tapFloats(b, network, image, wanted, settings, half);
  const outputs = layers.map(({ tap }) => {
    const values = read(b, taps.get(tap)!, tap);
    return [tap, values.map((value, i) => b.output(value, `${i} of ${tap}`))] as const;
  });
  return tensorsOf(outputs, await runtime.evaluate(b.build(), { picture: rgbOf(picture) }));
}

/** Factors that bring the activations of all layers to the scale in which the settings' weights are meant. */
export async function measureUnits(
  runtime: Runtime,
  network: FeatureNetwork,
  layers: ChosenLayers,
  settings: StyleSettings,
  content: Planes,
  half = false,
): Promise<Units> {
  if (settings.activations === 'own') return new Map();
  const all = [
    ...new Map([...layers.style, ...layers.content].map((one) => [one.tap, one])).values(),
  ];
  const means = await look(runtime, network, content, all, settings, half, (b, x) => [
    b.mean(b.abs(x)),
  ]);
  const unitOf = (mean: number) => (mean > DEAD ? MEAN_ACTIVATION / mean : 1);
  return new Map([...means].map(([tap, [mean]]) => [tap, unitOf(toFloat32(mean!)[0]!)]));
}

/**
 * Targets from the pictures. Style weights are normalised to sum 1. With `half` the network computes in 16 bits.
 *
 * @param units of `measureUnits`; left out: measured on this content
 * @param mixes of the regions: for each style how much of it, summing to 1; left out: one, by the styles' weights
 */
export async function measureTargets(
  runtime: Runtime,
  network: FeatureNetwork,
  layers: ChosenLayers,
  settings: StyleSettings,
  content: Planes,
  styles: readonly StyleImage[],
  half = false,
  units?: Units,
  mixes: readonly Mix[] = [mixOf(styles)],
): Promise<Targets> {
  units ??= await measureUnits(runtime, network, layers, settings, content, half);
  const known = units;
  const contextOf = (tap: string) => layerContext(settings, known, tap);
  const [ofContent, ofStyle] = [contentLossOf(settings), styleLossOf(settings)];
  const seen = await look(
    runtime,
    network,
    content,
    layers.content,
    settings,
    half,
    (b, x, tap) => [ofContent.seen(b, x, contextOf(tap))],
  );
  const statistics = (b: GraphBuilder, x: Value, tap: string) => {
    const sums = ofStyle.sums(b, x, contextOf(tap));
    return ofStyle.statistics(b, sums, x.dims[2]! * x.dims[3]!, contextOf(tap));
  };
  const measured: Map<string, readonly TensorData[]>[] = [];
  for (const { planes } of styles) {
    measured.push(await look(runtime, network, planes, layers.style, settings, half, statistics));
  }
  const style = await targetsOf(runtime, layers.style, measured, mixes, (b, blended, tap) =>
    ofStyle.target(b, blended, contextOf(tap)),
  );
  return { style, content: new Map([...seen].map(([tap, [value]]) => [tap, value!])), units };
}

/** How much of each style, summing to 1. */
export type Mix = readonly number[];

/** By the styles' own weights. */
export function mixOf(styles: readonly Pick<StyleImage, 'weight'>[]): Mix {
  const total = styles.reduce((sum, { weight }) => sum + weight, 0);
  return styles.map(({ weight }) => weight / total);
}

/** The targets of each layer: those of every region, one after the other. */
export async function targetsOf(
  runtime: Runtime,
  layers: readonly Layer[],
  measured: readonly ReadonlyMap<string, readonly TensorData[]>[],
  mixes: readonly Mix[],
  target: Targeting,
): Promise<Map<string, readonly TensorData[]>> {
  const all = new Map<string, readonly TensorData[]>();
  for (const mix of mixes) {
    const of = await blendStyles(runtime, layers, measured, mix, target);
    for (const [tap, values] of of) all.set(tap, [...(all.get(tap) ?? []), ...values]);
  }
  return all;
}

type Targeting = (b: GraphBuilder, statistics: readonly Value[], tap: string) => readonly Value[];

/** The styles' statistics blended, and made into the targets of each layer. */
async function blendStyles(
  runtime: Runtime,
  layers: readonly Layer[],
  measured: readonly ReadonlyMap<string, readonly TensorData[]>[],
  mix: Mix,
  target: Targeting,
): Promise<Map<string, readonly TensorData[]>> {
  if (layers.length === 0) return new Map();
  const b = new GraphBuilder();
  const used = measured.flatMap((of, k) => (mix[k]! > 0 ? [{ of, part: mix[k]! }] : []));
  const outputs = layers.map(({ tap }) => {
    const statistics = used.map(({ of }) => of.get(tap)!);
    const blended = statistics[0]!.map((_, i) =>
      b.initializer(blend(statistics.map((of, k) => [of[i]!, used[k]!.part]))),
    );
    return [
      tap,
      target(b, blended, tap).map((value, i) => b.output(value, `${i} of ${tap}`)),
    ] as const;
  });
  return tensorsOf(outputs, await runtime.evaluate(b.build(), {}));
}

/** In double precision: what is rounded here, every step makes more of. */
function blend(parts: readonly (readonly [value: TensorData, part: number])[]): TensorData {
  const { dims } = parts[0]![0];
  const sum = new Float64Array(sizeOf(dims));
  for (const [value, part] of parts) {
    toFloat32(value).forEach((x, i) => (sum[i]! += part * x));
  }
  return float32(dims, Float32Array.from(sum));
}

type Outputs = readonly (readonly [tap: string, values: readonly Value[]])[];

const tensorsOf = (outputs: Outputs, arrays: Arrays): Map<string, readonly TensorData[]> =>
  new Map(
    outputs.map(([tap, values]) => [
      tap,
      values.map(({ name, dims }) => float32(dims, arrays[name]!)),
    ]),
  );
