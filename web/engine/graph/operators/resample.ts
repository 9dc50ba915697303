/** Slice, Pad and Resize: along each axis a sparse linear map, whose transpose is the gradient. */
import type { GraphWriter } from '../writer.ts';
import { stringAttribute, type Node, type Value } from '../graph.ts';
import { castFloat, float32 } from '../tensor.ts';
import {
  constantOf,
  inputOf,
  normalAxis,
  optionalConstantOf,
  typed,
  type Operator,
} from './operator.ts';

/** Output element `o` is the sum of `weight · input[index]` over its entries. */
type AxisMap = readonly (readonly { readonly index: number; readonly weight: number }[])[];

/** Applies the transpose of `map` to axis `axis` of dy, as a product with a constant matrix. */
function adjointAlong(
  b: GraphWriter,
  dy: Value,
  axis: number,
  map: AxisMap,
  inputSize: number,
): Value {
  const matrix = new Float32Array(map.length * inputSize);
  map.forEach((entries, o) => {
    for (const { index, weight } of entries) matrix[o * inputSize + index]! += weight;
  });
  const constant = b.initializer(
    castFloat(
      float32([map.length, inputSize], matrix),
      dy.dtype === 'float16' ? 'float16' : 'float32',
    ),
  );
  const last = dy.dims.length - 1;
  if (axis === last) return b.matMul(dy, constant);
  const perm = dy.dims.map((_, i) => (i === axis ? last : i === last ? axis : i));
  return b.transpose(b.matMul(b.transpose(dy, perm), constant), perm);
}

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

function padsOf(node: Node): { readonly begin: number[]; readonly end: number[] } {
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

const pad: Operator = {
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

// --- Resize ---

interface ResizeForm {
  readonly sizes: readonly number[];
  readonly scales: readonly number[];
}

function resizeForm(node: Node): ResizeForm {
  const { dims } = inputOf(node, 0);
  const given = optionalConstantOf(node, 3);
  if (given?.length) return { sizes: given, scales: given.map((size, i) => size / dims[i]!) };
  const scales = constantOf(node, 2);
  return { scales, sizes: scales.map((scale, i) => Math.floor(scale * dims[i]!)) };
}

/** Where an output position lies in the input (ONNX, Resize, coordinate_transformation_mode). */
function sourcePosition(
  o: number,
  mode: string,
  scale: number,
  size: number,
  outSize: number,
): number {
  switch (mode) {
    case 'asymmetric':
      return o / scale;
    case 'align_corners':
      return outSize === 1 ? 0 : (o * (size - 1)) / (outSize - 1);
    case 'pytorch_half_pixel':
      return outSize === 1 ? 0 : (o + 0.5) / scale - 0.5;
    case 'half_pixel':
      return (o + 0.5) / scale - 0.5;
    default:
      throw new RangeError(`coordinate_transformation_mode ${mode} is not supported`);
  }
}

function nearestIndex(x: number, mode: string): number {
  switch (mode) {
    case 'floor':
      return Math.floor(x);
    case 'ceil':
      return Math.ceil(x);
    case 'round_prefer_ceil':
      return Math.floor(x + 0.5);
    default:
      return Math.ceil(x - 0.5);
  }
}

function resizeMap(
  node: Node,
  axis: number,
  size: number,
  outSize: number,
  scale: number,
): AxisMap {
  const text = (name: string, fallback: string) => stringAttribute(node.attributes, name, fallback);
  const coordinates = text('coordinate_transformation_mode', 'half_pixel');
  const mode = text('mode', 'nearest');
  const clamp = (i: number) => Math.min(Math.max(i, 0), size - 1);
  if (mode !== 'nearest' && mode !== 'linear')
    throw new RangeError(`Resize mode ${mode} is not supported`);
  return Array.from({ length: outSize }, (_, o) => {
    const x = sourcePosition(o, coordinates, scale, size, outSize);
    if (mode === 'nearest') {
      return [
        { index: clamp(nearestIndex(x, text('nearest_mode', 'round_prefer_floor'))), weight: 1 },
      ];
    }
    const low = Math.floor(clamp(x));
    const part = clamp(x) - low;
    return [
      { index: low, weight: 1 - part },
      { index: clamp(low + 1), weight: part },
    ];
  });
}

const resize: Operator = {
  infer: (node) => {
    const { dtype } = inputOf(node, 0);
    return typed(dtype, resizeForm(node).sizes);
  },
  vjp: (b, node, dy) => {
    const { dims } = inputOf(node, 0);
    const { sizes, scales } = resizeForm(node);
    let out = dy;
    dims.forEach((size, axis) => {
      if (size === sizes[axis] && scales[axis] === 1) return;
      const map = resizeMap(node, axis, size, sizes[axis]!, scales[axis]!);
      out = adjointAlong(b, out, axis, map, size);
    });
    return [out];
  },
};

export const resampleOperators: Record<string, Operator> = {
  Slice: slice,
  Pad: pad,
  Resize: resize,
};
