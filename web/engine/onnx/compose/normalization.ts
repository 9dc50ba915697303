/** Normalisation by statistics of the activations themselves. They are taken in single precision, whatever x has. */
import type { GraphBuilder } from '../../graph/builder.ts';
import { floatAttribute, intAttribute, intsAttribute, type Value } from '../../graph/graph.ts';
import { castFloat, float32 } from '../../graph/tensor.ts';
import { normalAxis, unsupported } from '../../graph/operators/operator.ts';
import type { PendingNode } from '../pending.ts';
import { alongChannels, composed, meanOver, type Composition } from './composition.ts';

const EPSILON = 1e-5;
const epsilonOf = ({ attributes }: PendingNode): number =>
  floatAttribute(attributes, 'epsilon', EPSILON);

/** (x − mean) / √(variance + ε) over the axes. */
function standardized(b: GraphBuilder, x: Value, axes: readonly number[], epsilon: number): Value {
  const wide = b.cast(x, 'float32');
  const centred = b.sub(wide, meanOver(b, wide, axes));
  const variance = meanOver(b, b.square(centred), axes);
  return b.cast(b.div(centred, b.sqrt(b.add(variance, epsilon))), x.dtype);
}

const from = (axis: number, rank: number): number[] =>
  Array.from({ length: rank - axis }, (_, i) => axis + i);

/** Ulyanov et al. 2016, arXiv:1607.08022, equation 4. */
const instance = composed({ epsilon: 'all' }, (b, node, [x, scale, shift]) => {
  const rank = x!.dims.length;
  const normal = standardized(b, x!, from(2, rank), epsilonOf(node));
  return b.add(b.mul(normal, alongChannels(b, scale!, rank)), alongChannels(b, shift!, rank));
});

/** Ba et al. 2016, arXiv:1607.06450: over all axes from `axis` on. */
const layer = composed(
  { axis: 'all', epsilon: 'all', stash_type: [1] },
  (b, node, [x, scale, shift]) => {
    const rank = x!.dims.length;
    const axis = normalAxis(intAttribute(node.attributes, 'axis', -1), rank);
    const scaled = b.mul(standardized(b, x!, from(axis, rank), epsilonOf(node)), scale!);
    return shift ? b.add(scaled, shift) : scaled;
  },
);

/** Wu and He 2018, arXiv:1803.08494. Scale and shift are one number a group up to opset 20, one a channel from 21 on. */
const group: Composition = {
  attributes: { num_groups: 'all', epsilon: 'all', stash_type: [1] },
  write: (b, node, opset) => {
    const [x, scale, shift] = node.inputs as [Value, Value, Value];
    const groups = intAttribute(node.attributes, 'num_groups', 1);
    const [n, channels, ...space] = x.dims as [number, number, ...number[]];
    if (channels % groups !== 0) throw new RangeError(`${channels} channels in ${groups} groups`);
    const each = channels / groups;
    const split = b.reshape(x, [n, groups, each, ...space]);
    const normal = b.reshape(
      standardized(b, split, from(2, split.dims.length), epsilonOf(node)),
      x.dims,
    );
    const spread = (vector: Value) =>
      opset >= 21
        ? vector
        : b.reshape(b.expand(b.reshape(vector, [groups, 1]), [groups, each]), [channels]);
    const rank = x.dims.length;
    const factor = alongChannels(b, spread(scale), rank);
    return [b.add(b.mul(normal, factor), alongChannels(b, spread(shift), rank))];
  },
};

/** Zhang and Sennrich 2019, arXiv:1910.07467, equation 4. */
const rootMeanSquare = composed(
  { axis: 'all', epsilon: 'all', stash_type: [1] },
  (b, node, [x, scale]) => {
    const rank = x!.dims.length;
    const axis = normalAxis(intAttribute(node.attributes, 'axis', -1), rank);
    const wide = b.cast(x!, 'float32');
    const square = meanOver(b, b.square(wide), from(axis, rank));
    const normal = b.div(wide, b.sqrt(b.add(square, epsilonOf(node))));
    return b.mul(b.cast(normal, x!.dtype), scale!);
  },
);

/** The specification's constant. */
const MVN_EPSILON = 1e-9;

const meanVariance = composed({ axes: 'all' }, (b, node, [x]) => {
  const axes = intsAttribute(node.attributes, 'axes', [0, 2, 3]);
  const normal = axes.map((axis) => normalAxis(axis, x!.dims.length));
  const wide = b.cast(x!, 'float32');
  const centred = b.sub(wide, meanOver(b, wide, normal));
  const deviation = b.sqrt(meanOver(b, b.square(centred), normal));
  return b.cast(b.div(centred, b.add(deviation, MVN_EPSILON)), x!.dtype);
});

/** x divided by its 1-norm or 2-norm along an axis. */
const lp = composed({ axis: 'all', p: [1, 2] }, (b, node, [x]) => {
  const axis = normalAxis(intAttribute(node.attributes, 'axis', -1), x!.dims.length);
  const first = intAttribute(node.attributes, 'p', 2) === 1;
  const norm = first ? b.reduceSum(b.abs(x!), [axis]) : b.sqrt(b.reduceSum(b.square(x!), [axis]));
  return b.div(x!, norm);
});

/**
 * y = x / (bias + α/size · Σ x²)^β over `size` neighbouring channels (Krizhevsky et al. 2012, section 3.3). The sum is a
 * 1×1 convolution with a band of ones.
 */
const localResponse = composed(
  { size: 'all', alpha: 'all', beta: 'all', bias: 'all' },
  (b, node, [x]) => {
    const number = (name: string, fallback: number) =>
      floatAttribute(node.attributes, name, fallback);
    const size = intAttribute(node.attributes, 'size', 1);
    if (size % 2 === 0) throw unsupported(node, `an even size, ${size}`);
    const channels = x!.dims[1]!;
    const band = new Float32Array(channels * channels);
    for (let c = 0; c < channels; c++) {
      const last = Math.min(channels - 1, c + (size - 1) / 2);
      for (let k = Math.max(0, c - (size - 1) / 2); k <= last; k++) {
        band[c * channels + k] = number('alpha', 1e-4) / size;
      }
    }
    const data = float32([channels, channels, 1, 1], band);
    const kernel = b.initializer(
      x!.dtype === 'float16' ? castFloat(data, 'float16') : data,
      'band',
    );
    const energy = b.add(b.conv(b.square(x!), kernel, null), number('bias', 1));
    return b.div(x!, b.pow(energy, number('beta', 0.75)));
  },
);

export const normalizations: Record<string, Composition> = {
  InstanceNormalization: instance,
  LayerNormalization: layer,
  GroupNormalization: group,
  RMSNormalization: rootMeanSquare,
  MeanVarianceNormalization: meanVariance,
  LpNormalization: lp,
  LRN: localResponse,
};
