/** Resize: along each axis a sparse linear map, whose transpose is the gradient. */
import { floatAttribute, intAttribute, stringAttribute, type Node } from '../graph.ts';
import { adjointAlong, type AxisMap } from './along.ts';
import { constantOf, inputOf, optionalConstantOf, typed, type Operator } from './operator.ts';

/** An axis on its way from `size` to `out` elements; `scale` may differ a little from their ratio. */
export interface AxisSizes {
  readonly size: number;
  readonly out: number;
  readonly scale: number;
}

const f = Math.fround;

/**
 * Where an output position lies in the input (ONNX, Resize, coordinate_transformation_mode); rounded as the runtime's
 * single precision does, since the nearest element hangs on it.
 */
const POSITIONS: Readonly<Record<string, (o: number, sizes: AxisSizes) => number>> = {
  half_pixel: (o, { scale }) => centred(o, scale),
  half_pixel_symmetric: (o, { scale, size, out }) =>
    (size / 2) * (1 - out / (scale * size)) + centred(o, scale),
  pytorch_half_pixel: (o, { scale, out }) => (out === 1 ? 0 : centred(o, scale)),
  align_corners: (o, { size, out }) => (out === 1 ? 0 : f(f(o * (size - 1)) / (out - 1))),
  asymmetric: (o, { scale }) => f(o / f(scale)),
};

const centred = (o: number, scale: number): number => f(f((o + 0.5) / f(scale)) - 0.5);

const NEAREST: Readonly<Record<string, (x: number) => number>> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

/** What the map needs to know of a node of any kind of Resize. */
type Form = Pick<Node, 'attributes'>;

/** Kernel and the radius of its support. */
type Kernel = readonly [weight: (distance: number) => number, radius: number];

const TRIANGLE: Kernel = [(d) => Math.max(0, 1 - Math.abs(d)), 1];

/** Cubic convolution (Keys 1981, IEEE TASSP 29(6), equation 4). */
const cubic = (a: number): Kernel => [
  (distance) => {
    const d = Math.abs(distance);
    if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
  },
  2,
];

/** The linear map of a Resize along one axis. */
export function resizeMap({ attributes }: Form, sizes: AxisSizes): AxisMap {
  const text = (name: string, fallback: string) => stringAttribute(attributes, name, fallback);
  const positionOf = POSITIONS[text('coordinate_transformation_mode', 'half_pixel')]!;
  const mode = text('mode', 'nearest');
  const clamp = (i: number) => Math.min(Math.max(i, 0), sizes.size - 1);
  const positions = Array.from({ length: sizes.out }, (_, o) => positionOf(o, sizes));
  if (mode === 'nearest') {
    const round = NEAREST[text('nearest_mode', 'round_prefer_floor')]!;
    return positions.map((x) => [{ index: clamp(round(x)), weight: 1 }]);
  }
  const kernel =
    mode === 'cubic' ? cubic(floatAttribute(attributes, 'cubic_coeff_a', -0.75)) : TRIANGLE;
  // Scaled down with antialiasing, the kernel is as wide as an output element.
  const antialias = intAttribute(attributes, 'antialias', 0) === 1;
  const width = antialias ? Math.max(1, 1 / sizes.scale) : 1;
  const outside =
    intAttribute(attributes, 'exclude_outside', 0) === 1 && (mode === 'cubic' || antialias);
  return positions.map((x) => {
    const taps = tapsAround(x, kernel, width);
    const used = outside ? taps.filter(({ index }) => clamp(index) === index) : taps;
    const total = used.reduce((sum, { weight }) => sum + weight, 0);
    return used.map(({ index, weight }) => ({ index: clamp(index), weight: weight / total }));
  });
}

function tapsAround(x: number, [weightAt, radius]: Kernel, width: number) {
  const low = Math.ceil(x - radius * width);
  const count = Math.floor(x + radius * width) - low + 1;
  return Array.from({ length: count }, (_, i) => ({
    index: low + i,
    weight: weightAt((low + i - x) / width),
  }));
}

function axesOf(node: Node): AxisSizes[] {
  const { dims } = inputOf(node, 0);
  const given = optionalConstantOf(node, 3);
  if (given?.length) {
    return dims.map((size, i) => ({ size, out: given[i]!, scale: given[i]! / size }));
  }
  return constantOf(node, 2).map((scale, i) => {
    const size = dims[i]!;
    return { size, out: Math.floor(scale * size), scale };
  });
}

/** The forms that every backend computes; the reader of files makes the others into products with matrices. */
export const resize: Operator = {
  attributes: {
    mode: ['nearest', 'linear'],
    nearest_mode: Object.keys(NEAREST),
    coordinate_transformation_mode: [
      'half_pixel',
      'pytorch_half_pixel',
      'align_corners',
      'asymmetric',
    ],
  },
  infer: (node) =>
    typed(
      inputOf(node, 0).dtype,
      axesOf(node).map(({ out }) => out),
    ),
  vjp: (b, node, dy) => {
    let grad = dy;
    axesOf(node).forEach((sizes, axis) => {
      if (sizes.size === sizes.out && sizes.scale === 1) return;
      grad = adjointAlong(b, grad, axis, resizeMap(node, sizes), sizes.size);
    });
    return [grad];
  },
};
