import type { Layer, Preprocess, StyleSettings } from '../../../shared/settings.ts';
import { InvalidModelError, InvalidRequestError } from '../errors.ts';
import { GraphBuilder } from '../graph/builder.ts';
import { intsAttribute, type Value } from '../graph/graph.ts';
import { OnnxModel } from '../onnx/model.ts';
import type { NodeReplacement, PendingNode } from '../onnx/pending.ts';
import { OPSET, serialize } from '../onnx/serialize.ts';
import { writeNode } from '../onnx/support.ts';
import { castFloat, float32, toFloat32 } from '../graph/tensor.ts';
import { preprocessed } from './convention.ts';
import { fitting } from './fitting.ts';
import { inEightBits, type Storage } from './quantize.ts';

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

/** The tap that every network has: the picture itself, RGB 0..1. */
export const PICTURE = '(picture)';

/** f(a·x) = a·f(x) for a > 0, or of weights alone: what our own files are made of. */
const HOMOGENEOUS: ReadonlySet<string> = new Set(
  'Conv Relu MaxPool Identity Add Mul Cast DequantizeLinear'.split(' '),
);
/** Inputs from here on count as bytes. */
const LARGE_INPUT = 64;
const HALF_UNIT = 32;

/** How a network is written where it is tapped. */
export interface TapForm {
  readonly pooling?: StyleSettings['pooling'];
  readonly edges?: StyleSettings['edges'];
  readonly preprocess?: Preprocess | null;
  readonly half?: boolean;
}

/** A feature network: an ONNX file from RGB 0..1 [1, 3, H, W] to named intermediate activations (taps). */
export class FeatureNetwork {
  readonly taps: readonly string[];
  readonly description: NetworkDescription;
  readonly #model: OnnxModel;
  /** Pictures go in as [1, H, W, 3]. */
  readonly #channelsLast: boolean;

  private constructor(model: OnnxModel) {
    this.#model = model;
    const listed = model.metadata[KEY.taps];
    this.taps = listed ? listed.split(',') : [...model.valueNames];
    this.description = describe(model);
    const { inputDims: dims } = model;
    const [, channels, , last] = dims;
    this.#channelsLast = last === 3 && channels !== 3;
    // A file that says nothing of its input's dims is taken for what nearly all are.
    const rgb = dims.length === 0 || (dims.length === 4 && ((channels ?? 3) === 3 || last === 3));
    if (!rgb) {
      throw new InvalidModelError(
        `the input "${model.inputName}" must be [1, 3, H, W] or [1, H, W, 3]`,
        'Use a network that takes RGB images.',
      );
    }
  }

  /** Reads one of our files, or any other ONNX file, whose every value can then be tapped. Throws InvalidModelError. */
  static parse(bytes: Uint8Array): FeatureNetwork {
    return new FeatureNetwork(OnnxModel.parse(bytes));
  }

  /** What can be tapped of a picture of this size, in the network's order: value names, operators and dims. */
  survey(
    size: number,
  ): { readonly name: string; readonly op: string; readonly dims: readonly number[] }[] {
    const b = new GraphBuilder();
    const [, height, width] = this.#channelsLast
      ? this.#model.inputDims
      : this.#model.inputDims.slice(1);
    const image = b.input('image', [1, 3, height ?? size, width ?? size]);
    const seen = this.#channelsLast ? b.transpose(image, [0, 2, 3, 1]) : image;
    return this.#model
      .survey(b, seen)
      .filter(({ value }) => !value.data)
      .map(({ name, op, value }) => ({ name, op, dims: value.dims }));
  }

  /**
   * What activations are divided by in 16 bits. A network that takes bytes rather than 0..1 has activations of tens of
   * thousands, next to float16's end at 65504; where every operator passes a factor on, they can be kept smaller.
   */
  halfUnit(preprocess: Preprocess | null): number {
    const { range, std } = preprocess ?? this.description.preprocess;
    const own = this.#model.metadata[KEY.image] !== undefined;
    const passes = [...this.#model.operators].every((op) => HOMOGENEOUS.has(op));
    return own && passes && range / Math.min(...std) >= LARGE_INPUT ? HALF_UNIT : 1;
  }

  /**
   * Writes the network up to the wanted taps into `b`; with `half` it computes in 16 bits, and its taps are float16
   * in units of `halfUnit`; but `PICTURE` stays as it is.
   * A network whose layers fit one another only in some sizes sees the picture with its border repeated up to one.
   *
   * Throws InvalidRequestError naming a tap that is not there, or is no [1, C, H, W]; UnsupportedOperatorError naming the
   * node for which the picture must be of the file's own size.
   */
  tap(
    b: GraphBuilder,
    image: Value,
    wanted: readonly string[],
    form: TapForm = {},
  ): Map<string, Value> {
    const own = wanted.filter((name) => name !== PICTURE);
    for (const name of own) {
      if (this.#model.valueNames.has(name)) continue;
      const others = this.taps.filter((tap) => tap.startsWith(`${name}:`));
      throw new InvalidRequestError(
        `the network has no layer "${name}"`,
        others.length > 0
          ? `Names with ":" or "," stand in quotes: "${others[0]}".`
          : `Its layers: ${this.taps.slice(0, MOST_NAMED).join(', ')}.`,
      );
    }
    const taps = fitting(b, image, (seen) => this.#write(b, seen, own, form), this.#ownSize());
    // A value of its own: what a loss asks of it is apart from what flows back through the network.
    if (own.length < wanted.length) taps.set(PICTURE, b.op('Identity', [image]));
    return taps;
  }

  /** "224 x 224" where the file says so. */
  #ownSize(): string | null {
    const { inputDims: dims } = this.#model;
    const size = this.#channelsLast ? dims.slice(1, 3) : dims.slice(2);
    const [height, width] = size;
    return height && width ? `${width} x ${height}` : null;
  }

  #write(
    b: GraphBuilder,
    image: Value,
    wanted: readonly string[],
    { pooling = 'max', edges = 'zeros', preprocess = null, half = false }: TapForm,
  ): Map<string, Value> {
    const pool = pooling === 'average' ? averageInstead : undefined;
    const pad =
      edges === 'replicate' ? replicating() : (_: GraphBuilder, node: PendingNode) => node;
    // Our own files name the value where the convention ends, so that another can take its place.
    const start = this.#model.metadata[KEY.image];
    const precision = half ? 'float16' : 'float32';
    const unit = start && half ? this.halfUnit(preprocess) : 1;
    const replace: NodeReplacement = (builder, node) => {
      const padded = pad(builder, node);
      const other = pool?.(builder, padded) ?? shrunkBias(builder, padded, unit);
      if (other || padded === node) return other;
      return builder.nodeOf(padded.op, padded.inputs, padded.attributes).outputs;
    };
    if (!start) {
      const seen = preprocess ? preprocessed(b, image, preprocess) : image;
      const typed = b.cast(this.#channelsLast ? b.transpose(seen, [0, 2, 3, 1]) : seen, precision);
      return pictures(this.#model.instantiate(b, typed, wanted, replace, precision));
    }
    const other: NodeReplacement = (builder, node) => {
      if (node.name !== start) return replace(builder, node);
      const seen = preprocess ? preprocessed(b, image, preprocess) : node.inputs[0]!;
      return [b.cast(unit === 1 ? seen : b.mul(seen, 1 / unit), precision)];
    };
    return this.#model.instantiate(b, image, wanted, other, precision);
  }
}

/** Layers that a message names. */
const MOST_NAMED = 40;

/** The taps, each of which is [1, C, H, W]: what statistics over positions can be taken of. */
function pictures(taps: Map<string, Value>): Map<string, Value> {
  for (const [name, { dims }] of taps) {
    if (dims.length === 4 && dims[0] === 1) continue;
    throw new InvalidRequestError(
      `the layer "${name}" is [${dims.join(', ')}], and no [1, C, H, W]`,
      'Choose a layer before the network looks at the picture as a whole.',
    );
  }
  return taps;
}

/** Where activations are divided by `unit`, so is what is added to them. */
function shrunkBias(
  b: GraphBuilder,
  { op, inputs, attributes }: PendingNode,
  unit: number,
): readonly Value[] | undefined {
  const at = op === 'Conv' ? 2 : op === 'Add' ? inputs.findIndex((value) => value?.data) : -1;
  const bias = inputs[at]?.data;
  const half = inputs.some((value) => value?.dtype === 'float16' && !value.data);
  if (unit === 1 || !bias || !half) return undefined;
  const shrunk = toFloat32(bias).map((value) => value / unit);
  const own = b.initializer(castFloat(float32(bias.dims, shrunk), 'float16'), inputs[at]!.name);
  return b.nodeOf(op, inputs.with(at, own), attributes).outputs;
}

/** An average is about half of a maximum, so twice the average goes on with activations of the size that comes next. */
const AVERAGE_FACTOR = 2;

const averageInstead: NodeReplacement = (b, node) =>
  node.op === 'MaxPool'
    ? [b.mul(writeNode(b, { ...node, op: 'AveragePool' }, OPSET)[0]!, AVERAGE_FACTOR)]
    : undefined;

/** Lets the first convolution that pads see the border repeated, where zeros would be an edge that is not in the picture. */
function replicating(): (b: GraphBuilder, node: PendingNode) => PendingNode {
  let done = false;
  return (b, node) => {
    const pads = intsAttribute(node.attributes, 'pads', []);
    if (done || node.op !== 'Conv' || pads.every((pad) => pad === 0)) return node;
    done = true;
    const [x, ...weights] = node.inputs;
    const [top, left, bottom, right] = pads as [number, number, number, number];
    const padded = b.pad(x!, [0, 0, top, left, 0, 0, bottom, right], 'edge');
    const none = { kind: 'ints', value: [0, 0, 0, 0] } as const;
    return {
      ...node,
      inputs: [padded, ...weights],
      attributes: { ...node.attributes, pads: none },
    };
  };
}

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
  storage: Storage = 'float16',
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
  const graph = b.build();
  return serialize(storage === 'int8' ? inEightBits(graph) : graph, {
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
