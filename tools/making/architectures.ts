import type { Layer, Preprocess } from '../../shared/settings.ts';
import type { GraphBuilder } from '../../web/engine/graph/builder.ts';
import type { Value } from '../../web/engine/graph/graph.ts';
import { storeNetwork } from '../../web/engine/networks/network.ts';
import type { Storage } from '../../web/engine/networks/quantize.ts';
import { buildResNet, RESNET_IGNORED, type ResNetVariant } from './resnet.ts';
import { storeSketch } from '../../web/engine/networks/sketch.ts';
import { buildSrResNet, SRRESNET_IGNORED } from './srresnet.ts';
import { storeUpscaler } from '../../web/engine/networks/upscaler.ts';
import { buildVgg, VGG_IGNORED } from './vgg.ts';
import type { WeightMap } from '../../web/engine/networks/weights.ts';

interface Common {
  readonly label: string;
  /** Tensors of complete training checkpoints that are not needed. */
  readonly ignored: RegExp;
  /** The input convention where a file states none, in the keys of its metadata; without: torchvision's. */
  readonly convention: Readonly<Record<string, string>>;
}

export interface FeatureArchitecture extends Common {
  readonly kind: 'features';
  /** Default layers, as far as the weights reach. */
  readonly style: readonly string[];
  readonly content: readonly string[];
  /** Its ReLUs in order, as far as stylisation uses them: how activations are told in files of others. */
  readonly relus: readonly string[];
  readonly build: (
    b: GraphBuilder,
    x: Value,
    weights: WeightMap,
    variant: ResNetVariant,
  ) => Map<string, Value>;
}

export interface UpscalerArchitecture extends Common {
  readonly kind: 'upscaler';
  readonly build: (b: GraphBuilder, x: Value, weights: WeightMap) => Value;
}

export interface SketchArchitecture extends Common {
  readonly kind: 'sketch';
}

export type Architecture = FeatureArchitecture | UpscalerArchitecture | SketchArchitecture;

/** To conv5_1. */
const VGG_RELUS = [2, 2, 4, 4, 1].flatMap((count, i) =>
  Array.from({ length: count }, (_, j) => `relu${i + 1}_${j + 1}`),
);

/** To the end of layer3; the last ReLU of a block comes after the addition. */
const RESNET_RELUS = [
  'relu1',
  ...[3, 4, 6].flatMap((count, i) =>
    Array.from({ length: count }, (_, j) => `layer${i + 1}.${j}`).flatMap((block) => [
      `${block}.relu1`,
      `${block}.relu2`,
      block,
    ]),
  ),
];

/** The networks that can be made from weights alone. A lite network is one of these at other widths. */
export const ARCHITECTURES: Record<string, Architecture> = {
  vgg19: {
    kind: 'features',
    label: 'VGG19',
    style: ['relu1_1', 'relu2_1', 'relu3_1', 'relu4_1', 'relu5_1'],
    content: ['relu4_2'],
    relus: VGG_RELUS,
    ignored: VGG_IGNORED,
    convention: {},
    build: buildVgg,
  },
  resnet50: {
    kind: 'features',
    label: 'ResNet50',
    style: ['relu1', 'layer1.0', 'layer1.2', 'layer2.0', 'layer2.3', 'layer3.0'],
    content: ['layer2.3', 'layer2.0'],
    relus: RESNET_RELUS,
    ignored: RESNET_IGNORED,
    convention: {},
    build: buildResNet,
  },
  srgan: {
    kind: 'upscaler',
    label: 'SRGAN x4',
    ignored: SRRESNET_IGNORED,
    convention: { input_range: '1', input_mean: '0,0,0', input_std: '1,1,1' },
    build: buildSrResNet,
  },
  sketch: { kind: 'sketch', label: 'Sketch', ignored: /^$/, convention: {} },
};

export interface NetworkOrigin {
  readonly label: string;
  readonly licence: string;
  readonly source: string;
  readonly preprocess: Preprocess;
  readonly variant: ResNetVariant;
  /** Left out: float16. */
  readonly storage?: Storage;
}

/** Weights as a self-describing ONNX file. Throws InvalidModelError naming the tensor that does not fit. */
export function networkFile(
  architecture: Architecture,
  weights: WeightMap,
  origin: NetworkOrigin,
): Uint8Array {
  if (architecture.kind === 'sketch') return storeSketch(origin, weights);
  if (architecture.kind === 'upscaler') {
    return storeUpscaler(origin, (b, x) => {
      const upscaled = architecture.build(b, x, weights);
      weights.finish(architecture.ignored);
      return upscaled;
    });
  }
  const reached = (taps: ReadonlyMap<string, Value>, names: readonly string[]): Layer[] =>
    names.filter((tap) => taps.has(tap)).map((tap) => ({ tap, weight: 1 }));
  const build = (b: GraphBuilder, x: Value) => {
    const taps = architecture.build(b, x, weights, origin.variant);
    weights.finish(architecture.ignored);
    return {
      taps,
      styleLayers: reached(taps, architecture.style),
      // The deepest of the candidates alone carries the content.
      contentLayers: reached(taps, architecture.content).slice(0, 1),
    };
  };
  return storeNetwork(origin, build, origin.storage);
}
