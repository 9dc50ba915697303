/** Operators that move elements without computing. */
import {
  intAttribute,
  intsAttribute,
  stringAttribute,
  type Node,
  type ValueType,
} from '../graph.ts';
import { sizeOf } from '../tensor.ts';
import { adjointAlong } from './along.ts';
import { unbroadcast, broadcastDims } from './elementwise.ts';
import { constantOf, inputOf, normalAxis, typed, type Operator, type Vjp } from './operator.ts';

/** The rule of everything that keeps the order of elements. */
const reshaped: Vjp = (b, node, dy) => [b.reshape(dy, inputOf(node, 0).dims)];

const reshape: Operator = {
  attributes: { allowzero: 'all' },
  infer: (node) => {
    const { dtype, dims } = inputOf(node, 0);
    const keepZero = intAttribute(node.attributes, 'allowzero', 0) === 1;
    const wanted = constantOf(node, 1).map((dim, i) => (dim === 0 && !keepZero ? dims[i]! : dim));
    const known = wanted.reduce((product, dim) => (dim === -1 ? product : product * dim), 1);
    const out = wanted.map((dim) => (dim === -1 ? sizeOf(dims) / known : dim));
    if (sizeOf(out) !== sizeOf(dims)) throw new RangeError(`cannot become [${out.join(', ')}]`);
    return typed(dtype, out);
  },
  vjp: reshaped,
};

const flatten: Operator = {
  attributes: { axis: 'all' },
  infer: (node) => {
    const { dtype, dims } = inputOf(node, 0);
    const axis = intAttribute(node.attributes, 'axis', 1);
    const split = axis < 0 ? axis + dims.length : axis;
    return typed(dtype, [sizeOf(dims.slice(0, split)), sizeOf(dims.slice(split))]);
  },
  vjp: reshaped,
};

const squeeze: Operator = {
  infer: (node) => {
    const { dtype, dims } = inputOf(node, 0);
    const axes = node.inputs[1]
      ? constantOf(node, 1).map((axis) => normalAxis(axis, dims.length))
      : dims.flatMap((dim, i) => (dim === 1 ? [i] : []));
    return typed(
      dtype,
      dims.filter((_, i) => !axes.includes(i)),
    );
  },
  vjp: reshaped,
};

const unsqueeze: Operator = {
  infer: (node) => {
    const { dtype, dims } = inputOf(node, 0);
    const added = constantOf(node, 1);
    const axes = added.map((axis) => normalAxis(axis, dims.length + added.length));
    const rest = [...dims];
    return typed(
      dtype,
      Array.from({ length: dims.length + added.length }, (_, i) =>
        axes.includes(i) ? 1 : rest.shift()!,
      ),
    );
  },
  vjp: reshaped,
};

function permOf(node: Node): readonly number[] {
  const { dims } = inputOf(node, 0);
  return intsAttribute(
    node.attributes,
    'perm',
    dims.map((_, i) => dims.length - 1 - i),
  );
}

const transpose: Operator = {
  attributes: { perm: 'all' },
  infer: (node) => {
    const { dtype, dims } = inputOf(node, 0);
    return typed(
      dtype,
      permOf(node).map((axis) => dims[axis] ?? 0),
    );
  },
  vjp: (b, node, dy) => {
    const perm = permOf(node);
    return [
      b.transpose(
        dy,
        perm.map((_, axis) => perm.indexOf(axis)),
      ),
    ];
  },
};

const concat: Operator = {
  attributes: { axis: 'all' },
  infer: (node) => {
    const values = node.inputs.map((_, i) => inputOf(node, i));
    const [first] = values;
    const axis = normalAxis(intAttribute(node.attributes, 'axis', 0), first!.dims.length);
    for (const { dims } of values) {
      const fits =
        dims.length === first!.dims.length &&
        dims.every((d, i) => i === axis || d === first!.dims[i]);
      if (!fits) throw new RangeError(`[${dims.join(', ')}] does not fit beside the others`);
    }
    const total = values.reduce((sum, { dims }) => sum + dims[axis]!, 0);
    return typed(
      first!.dtype,
      first!.dims.map((dim, i) => (i === axis ? total : dim)),
    );
  },
  vjp: (b, node, dy, needs) => {
    const axis = normalAxis(intAttribute(node.attributes, 'axis', 0), dy.dims.length);
    let start = 0;
    return node.inputs.map((_, i) => {
      const from = start;
      start += inputOf(node, i).dims[axis]!;
      return needs[i] ? b.slice(dy, [axis], [from], [start]) : null;
    });
  },
};

const expand: Operator = {
  infer: (node) => {
    const { dtype, dims } = inputOf(node, 0);
    return typed(dtype, broadcastDims(dims, constantOf(node, 1)));
  },
  vjp: (b, node, dy) => [unbroadcast(b, dy, inputOf(node, 0).dims, node.outputs[0]!.dims)],
  broadcasts: true,
};

const gather: Operator = {
  attributes: { axis: 'all' },
  infer: (node) => {
    const [x, indices] = [inputOf(node, 0), inputOf(node, 1)];
    const axis = normalAxis(intAttribute(node.attributes, 'axis', 0), x.dims.length);
    return typed(x.dtype, [...x.dims.slice(0, axis), ...indices.dims, ...x.dims.slice(axis + 1)]);
  },
  vjp: (b, node, dy) => {
    const { dims } = inputOf(node, 0);
    const axis = normalAxis(intAttribute(node.attributes, 'axis', 0), dims.length);
    const picked = constantOf(node, 1).map((at) => [
      { index: normalAxis(at, dims[axis]!), weight: 1 },
    ]);
    const flat = b.reshape(dy, dims.with(axis, picked.length));
    return [adjointAlong(b, flat, axis, picked, dims[axis]!)];
  },
};

/** The pixel shuffle of a super-resolution network. */
const depthToSpace: Operator = {
  attributes: { blocksize: 'all', mode: ['DCR', 'CRD'] },
  infer: (node): ValueType[] => {
    const { dtype, dims } = inputOf(node, 0);
    const [n, c, h, w] = dims as [number, number, number, number];
    const block = intAttribute(node.attributes, 'blocksize', 1);
    return typed(dtype, [n, c / block ** 2, h * block, w * block]);
  },
  // The way back: each channel's block × block pixels become channels again, in the order of `mode`.
  vjp: (b, node, dy) => {
    const { dims } = inputOf(node, 0);
    const [n, c, h, w] = dims as [number, number, number, number];
    const block = intAttribute(node.attributes, 'blocksize', 1);
    const depth = c / block ** 2;
    const blocks = b.reshape(dy, [n, depth, h, block, w, block]);
    const rowsFirst = stringAttribute(node.attributes, 'mode', 'DCR') === 'DCR';
    return [
      b.reshape(b.transpose(blocks, rowsFirst ? [0, 3, 5, 1, 2, 4] : [0, 1, 3, 5, 2, 4]), dims),
    ];
  },
};

export const shapeOperators: Record<string, Operator> = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Concat: concat,
  Expand: expand,
  Gather: gather,
  DepthToSpace: depthToSpace,
};
