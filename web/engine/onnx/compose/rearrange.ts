/** Operators that pick, repeat or blend elements. */
import type { GraphBuilder } from '../../graph/builder.ts';
import { intAttribute, intsAttribute, stringAttribute, type Value } from '../../graph/graph.ts';
import { mapAlong } from '../../graph/operators/along.ts';
import {
  inputOf,
  normalAxis,
  optionalConstantOf,
  unsupported,
} from '../../graph/operators/operator.ts';
import { padsOf } from '../../graph/operators/cut.ts';
import { resize as native, resizeMap, type AxisSizes } from '../../graph/operators/resize.ts';
import { int64 } from '../../graph/tensor.ts';
import type { PendingNode } from '../pending.ts';
import { composed, type Composition } from './composition.ts';

/** Mode `wrap` reads the other end: a Gather along each axis. */
function pad(b: GraphBuilder, node: PendingNode): Value[] {
  if (stringAttribute(node.attributes, 'mode', 'constant') !== 'wrap') {
    return [...b.nodeOf('Pad', node.inputs, node.attributes, { name: node.name }).outputs];
  }
  const x = inputOf(node, 0);
  const { begin, end } = padsOf(node);
  if ([...begin, ...end].some((n) => n < 0)) throw unsupported(node, 'negative pads and mode wrap');
  return [
    x.dims.reduce((out, size, axis) => {
      const [before, after] = [begin[axis]!, end[axis]!];
      if (before === 0 && after === 0) return out;
      const places = Array.from({ length: before + size + after }, (_, i) => {
        const at = (i - before) % size;
        return at < 0 ? at + size : at;
      });
      const indices = b.initializer(int64([places.length], places), 'wrapped');
      return b.op('Gather', [out, indices], { axis });
    }, x),
  ];
}

/** Sizes and scales of every axis, with `axes` and `keep_aspect_ratio_policy` resolved. */
function sizesOf(node: PendingNode): AxisSizes[] {
  const { dims } = inputOf(node, 0);
  const listed = intsAttribute(
    node.attributes,
    'axes',
    dims.map((_, i) => i),
  );
  const axes = listed.map((axis) => normalAxis(axis, dims.length));
  const sizes = optionalConstantOf(node, 3);
  const given = sizes?.length ? [] : (optionalConstantOf(node, 2) ?? []);
  const policy = stringAttribute(node.attributes, 'keep_aspect_ratio_policy', 'stretch');
  const ratios = (sizes ?? []).map((out, i) => out / dims[axes[i]!]!);
  const common = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios);
  return dims.map((size, axis) => {
    const at = axes.indexOf(axis);
    if (at < 0) return { size, out: size, scale: 1 };
    if (!sizes?.length) return { size, out: Math.floor(given[at]! * size), scale: given[at]! };
    if (policy === 'stretch') return { size, out: sizes[at]!, scale: ratios[at]! };
    return { size, out: Math.floor(common * size + 0.5), scale: common };
  });
}

/** Attributes of a Resize that say nothing about what `resizeMap` and the table's operator compute. */
const RESOLVED = new Set('axes keep_aspect_ratio_policy extrapolation_value'.split(' '));
/** Attributes that have an effect only in forms that are written as matrix products. */
const BLENDING = new Set('antialias exclude_outside cubic_coeff_a'.split(' '));

/** Beyond what every backend has: along each axis a product with a constant matrix. */
function resize(b: GraphBuilder, node: PendingNode): Value[] {
  const x = inputOf(node, 0);
  const sizes = sizesOf(node);
  const attributes = Object.fromEntries(
    Object.entries(node.attributes).filter(([name]) => !RESOLVED.has(name)),
  );
  const text = (name: string, fallback: string) => stringAttribute(attributes, name, fallback);
  const mode = text('mode', 'nearest');
  const coordinates = text('coordinate_transformation_mode', 'half_pixel');
  const policy = stringAttribute(node.attributes, 'keep_aspect_ratio_policy', 'stretch');
  const simple =
    mode !== 'cubic' &&
    (mode === 'nearest' || intAttribute(attributes, 'antialias', 0) === 0) &&
    coordinates !== 'half_pixel_symmetric' &&
    policy === 'stretch';
  if (simple) {
    const plain = Object.entries(attributes).filter(([name]) => !BLENDING.has(name));
    const bySize = optionalConstantOf(node, 3)?.length;
    const inputs = bySize
      ? [x, null, null, b.ints(sizes.map(({ out }) => out))]
      : [x, null, b.floats(sizes.map(({ scale }) => scale))];
    return [...b.nodeOf('Resize', inputs, Object.fromEntries(plain), { name: node.name }).outputs];
  }
  const changed = sizes.flatMap((axis, i) =>
    axis.size === axis.out && axis.scale === 1 ? [] : [i],
  );
  return [
    changed.reduce(
      (out, axis) => mapAlong(b, out, axis, resizeMap({ attributes }, sizes[axis]!)),
      x,
    ),
  ];
}

/** Two in a row that undo one another, as around a network of the other layout, are none. */
function transpose(b: GraphBuilder, node: PendingNode): Value[] {
  const x = inputOf(node, 0);
  const turned = x.dims.map((_, i) => x.dims.length - 1 - i);
  const perm = intsAttribute(node.attributes, 'perm', turned);
  const before = x.producer?.op === 'Transpose' ? x.producer : null;
  const first = before?.attributes['perm'];
  const undone = first?.kind === 'ints' && perm.every((axis, i) => first.value[axis] === i);
  if (undone) return [inputOf(before!, 0)];
  return [...b.nodeOf('Transpose', [x], { perm }, { name: node.name }).outputs];
}

/** The way back of DepthToSpace in its mode DCR. */
const spaceToDepth = composed({ blocksize: 'all' }, (b, node, [x]) => {
  const [n, c, h, w] = x!.dims as [number, number, number, number];
  const block = intAttribute(node.attributes, 'blocksize', 1);
  const blocks = b.reshape(x!, [n, c, h / block, block, w / block, block]);
  const turned = b.transpose(blocks, [0, 3, 5, 1, 2, 4]);
  return b.reshape(turned, [n, c * block * block, h / block, w / block]);
});

export const rearrangements: Record<string, Composition> = {
  Pad: { attributes: { mode: ['constant', 'reflect', 'edge', 'wrap'] }, write: pad },
  Resize: {
    attributes: {
      ...native.attributes,
      mode: ['nearest', 'linear', 'cubic'],
      coordinate_transformation_mode: [
        'half_pixel',
        'half_pixel_symmetric',
        'pytorch_half_pixel',
        'align_corners',
        'asymmetric',
      ],
      antialias: 'all',
      axes: 'all',
      cubic_coeff_a: 'all',
      exclude_outside: 'all',
      keep_aspect_ratio_policy: ['stretch', 'not_larger', 'not_smaller'],
      // Of tf_crop_and_resize alone, which is refused.
      extrapolation_value: 'no effect',
    },
    write: resize,
  },
  SpaceToDepth: spaceToDepth,
  Transpose: { attributes: { perm: 'all' }, write: transpose },
};
