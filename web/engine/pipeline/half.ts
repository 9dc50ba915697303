/**
 * Mixed precision (Micikevicius et al. 2018, arXiv:1710.03740): the network forward and backward in 16 bit floats,
 * which hold 6e-8 to 65504; losses, Gram matrices, optimiser and image in 32.
 */
import type { StyleSettings } from '../../../shared/settings.ts';
import { gradient, pullback } from '../autodiff/gradient.ts';
import { InvalidRequestError } from '../errors.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import { PICTURE, type FeatureNetwork } from '../networks/network.ts';
import type { Value } from '../graph/graph.ts';
import type { Runtime } from '../runtime/runtime.ts';

export interface ChosenPrecision {
  readonly half: boolean;
  /** What is done otherwise than asked, in words. */
  readonly notes: readonly string[];
}

/** Throws InvalidRequestError where 16 bits were asked of a GPU that has none. */
export function choosePrecision(
  { backend, halfPrecision }: Pick<Runtime, 'backend' | 'halfPrecision'>,
  precision: StyleSettings['precision'],
): ChosenPrecision {
  if (precision !== 'fp16') return { half: precision === 'auto' && halfPrecision, notes: [] };
  if (halfPrecision) return { half: true, notes: [] };
  if (backend === 'wasm')
    return { half: false, notes: ['32 bit floats, as WebAssembly has no others'] };
  throw new InvalidRequestError(
    'this GPU does not compute in 16 bit floats',
    'Choose the precision auto or fp32.',
  );
}

export interface FloatTaps {
  /** Activations as the network means them, float32. */
  readonly taps: ReadonlyMap<string, Value>;
  /** Where the cotangents enter the network: the same, in the network's own units. */
  readonly entries: readonly Value[];
}

/** The network's taps in float32, whatever it computes in. */
export function tapFloats(
  b: GraphBuilder,
  network: FeatureNetwork,
  image: Value,
  wanted: readonly string[],
  { pooling, edges, preprocess }: StyleSettings,
  half: boolean,
): FloatTaps {
  const own = [...network.tap(b, image, wanted, { pooling, edges, preprocess, half })];
  const wide = own.map(([name, tap]) => [name, b.cast(tap, 'float32')] as const);
  const unit = half ? network.halfUnit(preprocess) : 1;
  const meant = (name: string, tap: Value) =>
    unit === 1 || name === PICTURE ? tap : b.mul(tap, unit);
  const taps = wide.map(([name, tap]) => [name, meant(name, tap)] as const);
  return { taps: new Map(taps), entries: wide.map(([, tap]) => tap) };
}

/** Keeps a loss without a gradient from dividing by nothing. */
const TINY = 1e-30;

/** The largest cotangent that enters the 16 bit part: far from both ends, with room to grow on the way. */
const ENTRY = 16;

/**
 * dL/dx where x leads to the loss by way of `taps`, float32 values cast from the 16 bit part, alone. Their cotangents
 * are scaled to fit 16 bits, whatever the weights of the losses, and the gradient is scaled back.
 */
export function scaledGradient(
  b: GraphBuilder,
  loss: Value,
  taps: readonly Value[],
  x: Value,
): Value {
  const cotangents = gradient(b, loss, taps);
  const largest = cotangents.map((dy) => largestOf(b, dy)).reduce((a, c) => b.op('Max', [a, c]));
  const unit = b.mul(b.add(largest, TINY), 1 / ENTRY);
  const seeds = new Map(taps.map((tap, i) => [tap, b.div(cotangents[i]!, unit)]));
  return b.mul(pullback(b, seeds, [x])[0]!, unit);
}

/** max |x| as a scalar, axis by axis: a GPU does one long row by one thread. */
function largestOf(b: GraphBuilder, x: Value): Value {
  let out = b.abs(x);
  for (let axis = x.dims.length - 1; axis >= 0; axis--) {
    if (out.dims[axis] !== 1) out = b.op('ReduceMax', [out, b.ints([axis])], { keepdims: 1 });
  }
  return b.reshape(out, []);
}
