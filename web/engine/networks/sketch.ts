/**
 * The sketch network: paints any photograph in any style in one pass. Principal components of lite-vgg's activations, a
 * linear map a level that carries the content's statistics to the style's, and a small decoder (training/sketch.py).
 */
import { InvalidModelError } from '../errors.ts';
import { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { OnnxModel } from '../onnx/model.ts';
import { serialize } from '../onnx/serialize.ts';
import { convolution } from './convolution.ts';
import type { WeightMap } from './weights.ts';

/** Keys of `metadata_props` by which the file describes itself. */
const KEY = {
  kind: 'restyle.kind',
  encoder: 'restyle.encoder',
  levels: 'restyle.levels',
  ridge: 'restyle.ridge',
  label: 'restyle.label',
  licence: 'restyle.licence',
  source: 'restyle.source',
} as const;

const PICTURE = 'picture';
const componentsOf = (tap: string): string => `${tap}.components`;
const mapOf = (tap: string): string => `${tap}.map`;
const shiftOf = (tap: string): string => `${tap}.shift`;

/** Width and height of a picture must be multiples of this: the deepest level is an eighth of it. */
export const SKETCH_GRID = 8;

/** A tap of the encoder, seen through its principal components, which have variance 1 on natural pictures. */
export interface SketchLevel {
  readonly tap: string;
  /** How many components. */
  readonly channels: number;
  /** Pixels of the picture for one of the tap's. */
  readonly stride: number;
}

/** What one level's components are put through: z ↦ map·z + shift. */
export interface LevelMap {
  /** [channels, channels, 1, 1] */
  readonly map: Value;
  /** [channels] */
  readonly shift: Value;
}

/** Decoder and projections; the encoder is a feature network of its own. */
export class SketchNetwork {
  /** From fine to coarse. */
  readonly levels: readonly SketchLevel[];
  /** Id of the feature network whose taps these are. */
  readonly encoder: string;
  /** Added to the components' variances before they are compared. */
  readonly ridge: number;
  readonly #model: OnnxModel;

  private constructor(model: OnnxModel) {
    this.#model = model;
    const { metadata } = model;
    const refuse = () =>
      new InvalidModelError('this network does not sketch', 'Choose one such as lite-sketch.');
    if (metadata[KEY.kind] !== 'sketch') throw refuse();
    this.encoder = metadata[KEY.encoder] ?? '';
    this.ridge = Number(metadata[KEY.ridge]);
    const listed = (metadata[KEY.levels] ?? '').split(',').map((level) => level.split(':'));
    this.levels = listed.map(([tap = '', channels, stride]) => ({
      tap,
      channels: Number(channels),
      stride: Number(stride),
    }));
    const whole = this.levels.every(
      ({ tap, channels, stride }) =>
        model.valueNames.has(componentsOf(tap)) && channels > 0 && SKETCH_GRID % stride === 0,
    );
    if (!whole || !(this.ridge > 0) || !model.valueNames.has(PICTURE)) throw refuse();
  }

  /** Throws InvalidModelError. */
  static parse(bytes: Uint8Array): SketchNetwork {
    return new SketchNetwork(OnnxModel.parse(bytes));
  }

  /** The levels' components [1, channels, H/stride, W/stride], by tap. `taps`: the encoder's activations. */
  components(b: GraphBuilder, taps: ReadonlyMap<string, Value>): Map<string, Value> {
    const wanted = this.levels.map(({ tap }) => componentsOf(tap));
    const values = this.#model.instantiate(b, taps, wanted);
    return new Map(this.levels.map(({ tap }) => [tap, values.get(componentsOf(tap))!]));
  }

  /** RGB [1, 3, H, W], not clamped, of components put through `maps`. */
  picture(
    b: GraphBuilder,
    components: ReadonlyMap<string, Value>,
    maps: ReadonlyMap<string, LevelMap>,
  ): Value {
    const given = new Map<string, Value>();
    for (const { tap } of this.levels) {
      const { map, shift } = maps.get(tap)!;
      given
        .set(componentsOf(tap), components.get(tap)!)
        .set(mapOf(tap), map)
        .set(shiftOf(tap), shift);
    }
    return this.#model.instantiate(b, given, [PICTURE]).get(PICTURE)!;
  }
}

/** The size a graph is drawn at for storing; height and width are left open in the file. */
const STORED_SIZE = 64;

export interface SketchOrigin {
  readonly label: string;
  readonly licence: string;
  readonly source: string;
}

/**
 * The weights (names of training/sketch.py, levels and ridge in their metadata) as a self-describing ONNX file.
 *
 * @throws InvalidModelError naming the tensor that is missing or does not fit
 */
export function storeSketch(origin: SketchOrigin, weights: WeightMap): Uint8Array {
  const { encoder = '', levels = '', ridge = '' } = weights.metadata;
  const b = new GraphBuilder();
  const openDims: Record<string, (number | string)[]> = {
    [PICTURE]: [1, 3, 'height', 'width'],
  };
  const listed: string[] = [];
  const matched = levels.split(',').map((level, i) => {
    const [tap = '', width, stride] = level.split(':');
    const side = STORED_SIZE / Number(stride);
    const x = b.input(tap, [1, Number(width), side, side]);
    openDims[tap] = [1, Number(width), `${tap}.height`, `${tap}.width`];
    const projected = convolution(b, x, weights, `project.${i}`, { stride: 1, pad: 0, size: 1 });
    const z = b.nodeOf('Identity', [projected], {}, { outputs: [componentsOf(tap)] }).outputs[0]!;
    const channels = z.dims[1]!;
    listed.push(`${tap}:${channels}:${stride}`);
    const map = b.input(mapOf(tap), [channels, channels, 1, 1]);
    return b.conv(z, map, b.input(shiftOf(tap), [channels]));
  });
  const [fine, middle, deep] = matched;
  if (!fine || !middle || !deep)
    throw new InvalidModelError('a sketch network has three levels', 'Train it anew.');
  const picture = b.nodeOf(
    'Identity',
    [decoder(b, fine, middle, deep, weights)],
    {},
    {
      outputs: [PICTURE],
    },
  ).outputs[0]!;
  b.output(picture, `${PICTURE}.out`);
  weights.finish(/^$/);
  return serialize(b.build(), {
    openDims,
    metadata: {
      [KEY.kind]: 'sketch',
      [KEY.encoder]: encoder,
      [KEY.levels]: listed.join(','),
      [KEY.ridge]: ridge,
      [KEY.label]: origin.label,
      [KEY.licence]: origin.licence,
      [KEY.source]: origin.source,
    },
  });
}

/** From components at 1/2, 1/4 and 1/8 of the size, through half the size and a pixel shuffle. */
function decoder(
  b: GraphBuilder,
  fine: Value,
  middle: Value,
  deep: Value,
  weights: WeightMap,
): Value {
  const conv3 = (x: Value, name: string) =>
    convolution(b, b.pad(x, [0, 0, 1, 1, 0, 0, 1, 1], 'edge'), weights, name, {
      stride: 1,
      pad: 0,
      size: 3,
    });
  const relu3 = (x: Value, name: string) => b.relu(conv3(x, name));
  let h = doubled(b, relu3(deep, 'deep'));
  h = relu3(b.concat([h, middle], 1), 'middle');
  h = b.add(h, relu3(h, 'middle2'));
  h = doubled(b, convolution(b, h, weights, 'narrow', { stride: 1, pad: 0, size: 1 }));
  h = relu3(b.concat([h, fine], 1), 'fine');
  h = b.add(h, relu3(h, 'fine2'));
  const quarters = conv3(b.concat([h, fine], 1), 'paint');
  // PyTorch's PixelShuffle: channel = c·4 + 2·row + column.
  return b.op('DepthToSpace', [quarters], { blocksize: 2, mode: 'CRD' });
}

/** Each pixel four times. */
function doubled(b: GraphBuilder, x: Value): Value {
  return b.op('Resize', [x, null, b.floats([1, 1, 2, 2])], {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  });
}
