/** Slice and Pad: along each axis a sparse linear map, whose transpose is the gradient. */
import { stringAttribute, type Node, type Value } from '../graph.ts';
import type { GraphWriter } from '../writer.ts';
import { adjointAlong } from './along.ts';
import {
  constantOf,
  inputOf,
  normalAxis,
  optionalConstantOf,
  typed,
  type Operator,
} from './operator.ts';

// --- Slice ---

interface AxisSlice {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

function axisSlices(node: Node): AxisSlice[] {
  const { dims } = inputOf(node, 0);
  const [starts, ends] = [constantOf(node, 1), constantOf(node, 2)];
  const axes = optionalConstantOf(node, 3) ?? starts.map((_, i) => i);
  const steps = optionalConstantOf(node, 4) ?? starts.map(() => 1);
  return starts.map((from, i) => {
    const axis = normalAxis(axes[i]!, dims.length);
    const [size, step] = [dims[axis]!, steps[i]!];
    const bound = (at: number) => (at < 0 ? at + size : at);
    const clamp = (at: number) =>
      Math.min(Math.max(at, step < 0 ? -1 : 0), step < 0 ? size - 1 : size);
    const start = clamp(bound(from));
    // A negative end below -size means "past the first element", which bound() would wrap.
    const end = ends[i]! < -size ? (step < 0 ? -1 : 0) : clamp(bound(ends[i]!));
    return { axis, start, step, length: Math.ceil((end - start) / step) };
  });
}

const slice: Operator = {
  infer: (node) => {
    const { dtype, dims } = inputOf(node, 0);
    const out = [...dims];
    for (const { axis, length } of axisSlices(node)) out[axis] = length;
    return typed(dtype, out);
  },
  vjp: (b, node, dy) => {
    const { dims } = inputOf(node, 0);
    const pads = Array<number>(2 * dims.length).fill(0);
    let out = dy;
    for (const { axis, start, step, length } of axisSlices(node)) {
      if (step === 1) {
        pads[axis] = start;
        pads[dims.length + axis] = dims[axis]! - start - length;
      } else {
        const map = Array.from({ length }, (_, o) => [{ index: start + o * step, weight: 1 }]);
        out = adjointAlong(b, out, axis, map, dims[axis]!);
      }
    }
    return [b.pad(out, pads)];
  },
};

// --- Pad ---

export function padsOf(node: Pick<Node, 'inputs'>): {
  readonly begin: number[];
  readonly end: number[];
} {
  const rank = inputOf(node, 0).dims.length;
  const pads = constantOf(node, 1);
  const axes = optionalConstantOf(node, 3) ?? Array.from({ length: rank }, (_, i) => i);
  const [begin, end] = [Array<number>(rank).fill(0), Array<number>(rank).fill(0)];
  axes.forEach((axis, i) => {
    begin[normalAxis(axis, rank)] = pads[i]!;
    end[normalAxis(axis, rank)] = pads[i + axes.length]!;
  });
  return { begin, end };
}

/** Which input element a padded position repeats. */
function padSource(position: number, size: number, mode: string): number {
  if (mode === 'edge') return Math.min(Math.max(position, 0), size - 1);
  const period = Math.max(1, 2 * (size - 1));
  const wrapped = ((position % period) + period) % period;
  return wrapped < size ? wrapped : period - wrapped;
}

/** Along an axis each end gets what all its copies received. */
function gatheredAtEnds(
  b: GraphWriter,
  dy: Value,
  axis: number,
  before: number,
  size: number,
  after: number,
): Value {
  if (size === 1) return b.reduceSum(dy, [axis]);
  const part = (from: number, to: number) => b.slice(dy, [axis], [from], [to]);
  const end = before + size;
  const first = before > 0 ? [b.reduceSum(part(0, before + 1), [axis])] : [];
  const last = after > 0 ? [b.reduceSum(part(end - 1, end + after), [axis])] : [];
  const [from, to] = [before + first.length, end - last.length];
  const between = to > from ? [part(from, to)] : [];
  return b.concat([...first, ...between, ...last], axis);
}

const pad: Operator = {
  attributes: { mode: ['constant', 'reflect', 'edge'] },
  infer: (node) => {
    const { dtype, dims } = inputOf(node, 0);
    const { begin, end } = padsOf(node);
    return typed(
      dtype,
      dims.map((dim, i) => dim + begin[i]! + end[i]!),
    );
  },
  vjp: (b, node, dy) => {
    const { dims } = inputOf(node, 0);
    const { begin, end } = padsOf(node);
    const mode = stringAttribute(node.attributes, 'mode', 'constant');
    const negative = [...begin, ...end].some((n) => n < 0);
    if (mode === 'constant' && !negative) {
      const axes = dims.map((_, i) => i);
      return [
        b.slice(
          dy,
          axes,
          begin,
          begin.map((n, i) => n + dims[i]!),
        ),
      ];
    }
    let out = dy;
    dims.forEach((size, axis) => {
      const [before, after] = [begin[axis]!, end[axis]!];
      if (before === 0 && after === 0) return;
      if (mode === 'edge' && !negative) {
        out = gatheredAtEnds(b, out, axis, before, size, after);
        return;
      }
      const map = Array.from({ length: size + before + after }, (_, o) => {
        const index = o - before;
        const inside = index >= 0 && index < size;
        if (mode === 'constant' && !inside) return [];
        return [{ index: padSource(index, size, mode), weight: 1 }];
      });
      out = adjointAlong(b, out, axis, map, size);
    });
    return [out];
  },
};

export const cutOperators: Record<string, Operator> = {
  Slice: slice,
  Pad: pad,
};
