import type { Layer, Preprocess, StyleSettings } from '../../../shared/settings.ts';
import { InvalidModelError, InvalidRequestError } from '../errors.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import type { Value } from '../onnx/graph.ts';
import { OnnxModel } from '../onnx/model.ts';
import type { NodeReplacement } from '../onnx/pending.ts';
import { serialize } from '../onnx/serialize.ts';
import { preprocessed } from './convention.ts';

/** Keys of `metadata_props` by which our model files describe themselves. */
const KEY = {
  preprocess: 'restyle.preprocess',
  image: 'restyle.image',
  taps: 'restyle.taps',
  style: 'restyle.style_layers',
  content: 'restyle.content_layers',
  label: 'restyle.label',
  licence: 'restyle.licence',
  source: 'restyle.source',
} as const;

export interface NetworkDescription {
  readonly label: string;
  readonly licence: string;
  readonly source: string;
  readonly preprocess: Preprocess;
  readonly styleLayers: readonly Layer[];
  readonly contentLayers: readonly Layer[];
}

type Pooling = StyleSettings['pooling'];

/** A feature network: an ONNX file from RGB 0..1 [1, 3, H, W] to named intermediate activations (taps). */
export class FeatureNetwork {
  readonly taps: readonly string[];
  readonly description: NetworkDescription;
  readonly #model: OnnxModel;

  private constructor(model: OnnxModel) {
    this.#model = model;
    const listed = model.metadata[KEY.taps];
    this.taps = listed ? listed.split(',') : [...model.valueNames];
    this.description = describe(model);
    const [, channels] = model.inputDims;
    if (model.inputDims.length !== 4 || (channels ?? 3) !== 3) {
      throw new InvalidModelError(
        `the input "${model.inputName}" must be [1, 3, H, W]`,
        'Use a network that takes RGB images.',
      );
    }
  }

  /** Reads one of our files, or any other ONNX file, whose every value can then be tapped. Throws InvalidModelError. */
  static parse(bytes: Uint8Array): FeatureNetwork {
    return new FeatureNetwork(OnnxModel.parse(bytes));
  }

  /** Writes the network up to the wanted taps into `b`. Throws InvalidRequestError naming a tap that is not there. */
  tap(
    b: GraphBuilder,
    image: Value,
    wanted: readonly string[],
    {
      pooling = 'max',
      preprocess = null,
    }: { pooling?: Pooling; preprocess?: Preprocess | null } = {},
  ): Map<string, Value> {
    for (const name of wanted) {
      if (this.#model.valueNames.has(name)) continue;
      throw new InvalidRequestError(
        `the network has no layer "${name}"`,
        `Its layers: ${this.taps.join(', ')}.`,
      );
    }
    const replace = pooling === 'average' ? averageInstead : undefined;
    // Our own files name the value where the convention ends, so that another can take its place.
    const start = this.#model.metadata[KEY.image];
    if (preprocess && start) {
      const seen = preprocessed(b, image, preprocess);
      const other: NodeReplacement = (builder, node) =>
        node.name === start ? [seen] : replace?.(builder, node);
      return this.#model.instantiate(b, image, wanted, other);
    }
    return this.#model.instantiate(b, image, wanted, replace);
  }
}

const averageInstead: NodeReplacement = (b, node) =>
  node.op === 'MaxPool' ? b.nodeOf('AveragePool', node.inputs, node.attributes).outputs : undefined;

/** The size a graph is drawn at for storing; height and width are left open in the file. */
const STORED_SIZE = 64;

export interface BuiltNetwork {
  readonly taps: ReadonlyMap<string, Value>;
  readonly styleLayers: readonly Layer[];
  readonly contentLayers: readonly Layer[];
}

/** A self-describing ONNX file of a network that `build` writes over the preprocessed image. */
export function storeNetwork(
  origin: Pick<NetworkDescription, 'label' | 'licence' | 'source' | 'preprocess'>,
  build: (b: GraphBuilder, x: Value) => BuiltNetwork,
): Uint8Array {
  const b = new GraphBuilder();
  const image = b.input('image', [1, 3, STORED_SIZE, STORED_SIZE]);
  const x = preprocessed(b, image, origin.preprocess);
  const seen = b.nodeOf('Identity', [x], {}, { name: 'seen' }).outputs[0]!;
  const { taps, styleLayers, contentLayers } = build(b, seen);
  const openDims: Record<string, (number | string)[]> = { image: [1, 3, 'height', 'width'] };
  for (const [name, value] of taps) {
    b.output(value, name);
    openDims[name] = [1, value.dims[1]!, `${name}.height`, `${name}.width`];
  }
  return serialize(b.build(), {
    openDims,
    metadata: {
      [KEY.label]: origin.label,
      [KEY.licence]: origin.licence,
      [KEY.source]: origin.source,
      [KEY.image]: 'seen',
      [KEY.preprocess]: JSON.stringify(origin.preprocess),
      [KEY.taps]: [...taps.keys()].join(','),
      [KEY.style]: JSON.stringify(styleLayers),
      [KEY.content]: JSON.stringify(contentLayers),
    },
  });
}

function describe({ metadata }: OnnxModel): NetworkDescription {
  const json = <T>(key: string, fallback: T): T => {
    try {
      return metadata[key] === undefined ? fallback : (JSON.parse(metadata[key]) as T);
    } catch (error) {
      throw new InvalidModelError(
        `the model's ${key} is damaged`,
        'Import or fetch the model again.',
        { cause: error },
      );
    }
  };
  return {
    label: metadata[KEY.label] ?? 'unnamed network',
    licence: metadata[KEY.licence] ?? 'not stated',
    source: metadata[KEY.source] ?? 'not stated',
    preprocess: json(KEY.preprocess, { range: 1, mean: [0, 0, 0], std: [1, 1, 1] }),
    styleLayers: json(KEY.style, []),
    contentLayers: json(KEY.content, []),
  };
}
