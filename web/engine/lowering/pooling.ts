/** The gradient of max pooling in operators that runtimes have; there is no MaxUnpool to rely on. */
import type { GraphBuilder } from '../graph/builder.ts';
import {
  intAttribute,
  intsAttribute,
  stringAttribute,
  type Graph,
  type Node,
  type Value,
} from '../graph/graph.ts';
import { cropInput, interleave } from '../graph/operators/conv.ts';
import { poolSliding } from '../graph/operators/pool.ts';
import { pooledReluOf } from './masks.ts';
import { rewrite } from './rewriter.ts';

/** Below every activation, and finite in half precision too. */
const LOWEST = -65504;

/** Writes every MaxPoolGradient as nodes of ONNX. */
export function poolGradients(graph: Graph): Graph {
  return rewrite(graph, (b, node, inputs) => {
    if (node.op !== 'MaxPoolGradient') return undefined;
    const [x, y, dy] = inputs as [Value, Value, Value];
    return firstMaximum(b, node, x, y, dy);
  });
}

/** Above zero and below every activation that counts, for each type a normal number: a GPU may take others for zero. */
const LEAST = { float32: 1e-30, float16: 6.2e-5 } as const;

/**
 * Windows of 2 x 2 side by side, behind a ReLU: one comparison with the pooled value, enlarged, in place of taps that are
 * cut out and put back, which moves a third of the bytes. Where several of a window are the largest, all of them share
 * what it received: that is a gradient as well. Windows of zeros pass nothing on, so that the ReLU's own gradient behind
 * them changes nothing and is left out.
 */
export function sharedPoolGradients(graph: Graph): Graph {
  return rewrite(graph, (b, node, inputs) => {
    const pooling = pooledReluOf(node);
    if (pooling && sharing(pooling)) return inputs[1]!;
    if (!sharing(node)) return undefined;
    const [x, y, dy] = inputs as [Value, Value, Value];
    const [n, c, h, w] = y.dims as [number, number, number, number];
    const inside = b.slice(x, [2, 3], [0, 0], [2 * h, 2 * w]);
    const windows = b.reshape(inside, [n * c * h, 2, w, 2]);
    const above = b.op('Max', [y, b.scalar(LEAST[x.dtype as keyof typeof LEAST], x.dtype)]);
    const largest = b.equal(windows, b.reshape(above, [n * c * h, 1, w, 1]));
    // The mean of four is their number; of a window of zeros it is 0, and nothing takes what is divided by it.
    const fours = b.where(b.reshape(largest, inside.dims), b.scalar(4, x.dtype), 0);
    const count = b.op('AveragePool', [fours], { kernel_shape: [2, 2], strides: [2, 2] });
    const each = b.div(dy, count);
    const spread = b.where(largest, b.reshape(each, [n * c * h, 1, w, 1]), 0);
    const [missingRows, missingColumns] = [x.dims[2]! - 2 * h, x.dims[3]! - 2 * w];
    return b.pad(b.reshape(spread, inside.dims), [0, 0, 0, 0, 0, 0, missingRows, missingColumns]);
  });
}

const sharing = (node: Node): boolean =>
  node.op === 'MaxPoolGradient' && node.inputs[0]?.producer?.op === 'Relu' && halves(node);

/** Is it pooling by 2 x 2 windows side by side? */
export function halves({ attributes }: Node): boolean {
  const ints = (name: string, fallback: number[]) => intsAttribute(attributes, name, fallback);
  return (
    ints('kernel_shape', []).join() === '2,2' &&
    ints('strides', [1, 1]).join() === '2,2' &&
    ints('pads', [0, 0, 0, 0]).every((pad) => pad === 0) &&
    ints('dilations', [1, 1]).every((d) => d === 1) &&
    intAttribute(attributes, 'ceil_mode', 0) === 0 &&
    !stringAttribute(attributes, 'auto_pad', 'NOTSET').startsWith('SAME')
  );
}

/** Window tap by window tap: what the tap equals, it takes; the rest is passed on. Any window, any stride. */
function firstMaximum(b: GraphBuilder, node: Node, x: Value, y: Value, dy: Value): Value {
  const { kernel, strides, dilations, begin, out } = poolSliding(node);
  const reach = ([0, 1] as const).map((i) => dilations[i] * (kernel[i] - 1) + 1);
  const span = ([0, 1] as const).map((i) => (out[i] - 1) * strides[i] + reach[i]!);
  const grow = ([0, 1] as const).map((i) => span[i]! - begin[i] - x.dims[2 + i]!);
  const pads = [0, 0, ...begin, 0, 0, ...grow.map((n) => Math.max(0, n))];
  const padded = pads.every((n) => n === 0)
    ? x
    : b.op('Pad', [x, b.ints(pads), b.scalar(LOWEST, x.dtype)]);
  const taps = new Map<string, Value[]>();
  let rest = dy;
  for (let ky = 0; ky < kernel[0]; ky++) {
    for (let kx = 0; kx < kernel[1]; kx++) {
      const [y0, x0] = [ky * dilations[0], kx * dilations[1]];
      const ends = [y0 + (out[0] - 1) * strides[0] + 1, x0 + (out[1] - 1) * strides[1] + 1];
      const tap = b.slice(padded, [2, 3], [y0, x0], ends, strides);
      const taken = b.where(b.equal(tap, y), rest, 0);
      const last = ky === kernel[0] - 1 && kx === kernel[1] - 1;
      if (!last) rest = b.sub(rest, taken);
      const shift = [Math.floor(y0 / strides[0]), Math.floor(x0 / strides[1])];
      const blocks = ([0, 1] as const).map((i) => Math.ceil(span[i]! / strides[i]) - out[i]);
      const placed = b.pad(taken, [0, 0, ...shift, 0, 0, ...blocks.map((n, i) => n - shift[i]!)]);
      const phase = `${y0 % strides[0]},${x0 % strides[1]}`;
      taps.set(phase, [...(taps.get(phase) ?? []), placed]);
    }
  }
  return cropInput(b, interleave(b, stackPhases(b, taps, strides, dy)), begin, x.dims);
}

/** Sums the taps of each phase and stacks the phases into [N, C, sh, sw, H, W]. */
function stackPhases(
  b: GraphBuilder,
  taps: ReadonlyMap<string, readonly Value[]>,
  [sh, sw]: readonly [number, number],
  dy: Value,
): Value {
  const [n, c, h, w] = taps.get('0,0')![0]!.dims as [number, number, number, number];
  const planes: Value[] = [];
  for (let py = 0; py < sh; py++) {
    for (let px = 0; px < sw; px++) {
      const sum = taps.get(`${py},${px}`)?.reduce((a, tap) => b.add(a, tap));
      // A stride longer than the window leaves phases that no window sees.
      const plane = sum ?? b.expand(b.scalar(0, dy.dtype), [n, c, h, w]);
      planes.push(b.reshape(plane, [n, c, 1, h, w]));
    }
  }
  return b.reshape(b.concat(planes, 2), [n, c, sh, sw, h, w]);
}
