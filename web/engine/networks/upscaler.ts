import type { Preprocess } from '../../../shared/settings.ts';
import { InvalidModelError } from '../errors.ts';
import { GraphBuilder } from '../graph/builder.ts';
import type { Graph, Value } from '../graph/graph.ts';
import { OnnxModel } from '../onnx/model.ts';
import { serialize } from '../onnx/serialize.ts';
import { preprocessed } from './convention.ts';

/** Keys of `metadata_props` by which our upscalers describe themselves. */
const KEY = {
  kind: 'restyle.kind',
  trunk: 'restyle.trunk',
  label: 'restyle.label',
  licence: 'restyle.licence',
  source: 'restyle.source',
} as const;

export interface UpscalerDescription {
  readonly label: string;
  readonly licence: string;
  readonly source: string;
}

/** The size at which a graph is drawn for storing and for looking at. */
const PROBE_SIZE = 32;
const INPUT = 'image';
const TRUNK = 'trunk';
const OUTPUT = 'upscaled';

/** Part of a network that runs by itself: [1, channels, H, W] to [1, outChannels, scale·H, scale·W]. */
export interface Stage {
  readonly channels: number;
  readonly outChannels: number;
  readonly scale: number;
  /** The part as a graph from `x` to `y` for this size. */
  graph(height: number, width: number): Graph;
}

/** A super-resolution network: an ONNX file from RGB 0..1 [1, 3, H, W] to RGB 0..1 [1, 3, scale·H, scale·W]. */
export class Upscaler {
  readonly description: UpscalerDescription;
  readonly scale: number;
  /**
   * In order; each takes what the one before gives. Our files have two: the trunk sees far and is cheap, the tail sees
   * three pixels and needs a hundred times the memory, so that they are best cut into tiles of their own sizes.
   */
  readonly stages: readonly Stage[];
  readonly #model: OnnxModel;

  private constructor(model: OnnxModel) {
    this.#model = model;
    const { metadata, outputNames } = model;
    this.description = {
      label: metadata[KEY.label] ?? 'unnamed network',
      licence: metadata[KEY.licence] ?? 'not stated',
      source: metadata[KEY.source] ?? 'not stated',
    };
    const [output] = outputNames;
    if (output === undefined || outputNames.length !== 1) throw notUpscaler();
    const trunk = metadata[KEY.trunk];
    this.stages =
      trunk === undefined ? [this.#stage(3, null, output)] : this.#twoStages(trunk, output);
    this.scale = this.stages.reduce((product, { scale }) => product * scale, 1);
    if (this.scale <= 1 || this.stages.at(-1)!.outChannels !== 3) throw notUpscaler();
  }

  /** Reads one of our files, or any other ONNX file with one picture in and one larger picture out. Throws InvalidModelError. */
  static parse(bytes: Uint8Array): Upscaler {
    return new Upscaler(OnnxModel.parse(bytes));
  }

  #twoStages(trunk: string, output: string): Stage[] {
    const first = this.#stage(3, null, trunk);
    return [first, this.#stage(first.outChannels, trunk, output)];
  }

  /** From the value `from` (null: the picture) to the value `to`. */
  #stage(channels: number, from: string | null, to: string): Stage {
    const graph = (height: number, width: number): Graph => {
      const b = new GraphBuilder();
      const x = b.input('x', [1, channels, height, width]);
      b.output(from === null ? this.#whole(b, x, to) : this.#after(b, x, from, to), 'y');
      return b.build();
    };
    const [height, width] = [PROBE_SIZE, PROBE_SIZE + 1];
    const { dims } = graph(height, width).outputs[0]!;
    const scale = dims[2]! / height;
    if (dims.length !== 4 || !Number.isInteger(scale) || dims[3] !== width * scale)
      throw notUpscaler();
    return { channels, outChannels: dims[1]!, scale, graph };
  }

  #whole(b: GraphBuilder, image: Value, to: string): Value {
    return this.#model.instantiate(b, image, [to]).get(to)!;
  }

  #after(b: GraphBuilder, x: Value, from: string, to: string): Value {
    return this.#model.instantiate(b, new Map([[from, x]]), [to]).get(to)!;
  }
}

function notUpscaler(): InvalidModelError {
  return new InvalidModelError(
    'this network does not enlarge pictures',
    'Choose a super-resolution network, such as lite-sr.',
  );
}

export interface UpscalerOrigin extends UpscalerDescription {
  readonly preprocess: Preprocess;
}

/** Marks the last value of the input's size, on which everything after it depends: where the network can be cut. */
export function trunkEnd(b: GraphBuilder, value: Value): Value {
  return b.nodeOf('Identity', [value], {}, { outputs: [TRUNK] }).outputs[0]!;
}

/** A self-describing ONNX file of a network that `build` writes over the preprocessed image, its trunk marked. */
export function storeUpscaler(
  { label, licence, source, preprocess }: UpscalerOrigin,
  build: (b: GraphBuilder, x: Value) => Value,
): Uint8Array {
  const b = new GraphBuilder();
  const image = b.input(INPUT, [1, 3, PROBE_SIZE, PROBE_SIZE]);
  const { range, mean, std } = preprocess;
  const asItIs = range === 1 && mean.every((m) => m === 0) && std.every((s) => s === 1);
  b.output(build(b, asItIs ? image : preprocessed(b, image, preprocess)), OUTPUT);
  return serialize(b.build(), {
    openDims: {
      [INPUT]: [1, 3, 'height', 'width'],
      [OUTPUT]: [1, 3, `${OUTPUT}.height`, `${OUTPUT}.width`],
    },
    metadata: {
      [KEY.kind]: 'upscaler',
      [KEY.trunk]: TRUNK,
      [KEY.label]: label,
      [KEY.licence]: licence,
      [KEY.source]: source,
    },
  });
}
