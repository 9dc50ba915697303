/** What a pickle of tensors is made of, and the closed list of names that it may mention. */
import { InvalidModelError } from '../../web/engine/errors.ts';
import type { DType } from '../../web/engine/graph/tensor.ts';

export const PTH_ADVICE =
  'Save the weights alone, with torch.save(model.state_dict(), FILE), or as safetensors.';

export const refuse = (why: string): InvalidModelError =>
  new InvalidModelError(`not a PyTorch file that can be read safely: ${why}`, PTH_ADVICE);

/** Where the elements of one or more tensors lie. */
export class Storage {
  constructor(
    readonly key: string,
    readonly dtype: DType,
    /** Number of elements. */
    readonly size: number,
  ) {}
}

/** A window on a storage; offset and strides in elements. */
export class TensorRef {
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly dims: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** One of the names in `GLOBALS`. */
export class Global {
  constructor(
    readonly name: string,
    readonly make: ((args: readonly Pickled[], spend: (steps: number) => void) => Pickled) | null,
    readonly dtype: DType | null = null,
  ) {}
}

export type Pickled =
  | null
  | boolean
  | number
  | bigint
  | string
  | Pickled[]
  | Map<Pickled, Pickled>
  | Storage
  | TensorRef
  | Global;

const STORAGES: Record<string, DType> = {
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  DoubleStorage: 'float64',
  LongStorage: 'int64',
  IntStorage: 'int32',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
};

export const isCount = (n: unknown): n is number => Number.isSafeInteger(n) && (n as number) >= 0;

function tensor([storage, offset, dims, strides]: readonly Pickled[]): TensorRef {
  const counts = (list: Pickled | undefined): list is number[] =>
    Array.isArray(list) && list.every(isCount);
  const whole =
    storage instanceof Storage &&
    isCount(offset) &&
    counts(dims) &&
    counts(strides) &&
    dims.length === strides.length;
  if (!whole) throw refuse('a tensor is malformed');
  return new TensorRef(storage, offset, dims, strides);
}

/** Python 2 hands the pairs over; Python 3 sets the items afterwards. */
function dictionary(
  [pairs]: readonly Pickled[],
  spend: (steps: number) => void,
): Map<Pickled, Pickled> {
  const dict = new Map<Pickled, Pickled>();
  if (pairs === undefined) return dict;
  if (!Array.isArray(pairs)) throw refuse('an OrderedDict is malformed');
  spend(pairs.length);
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2) throw refuse('an OrderedDict is malformed');
    dict.set(pair[0]!, pair[1]!);
  }
  return dict;
}

function inner([value]: readonly Pickled[]): TensorRef {
  if (!(value instanceof TensorRef)) throw refuse('a parameter is malformed');
  return value;
}

/** Every name that a file may mention. */
export const GLOBALS = new Map<string, Global>(
  [
    new Global('collections.OrderedDict', dictionary),
    new Global('torch._utils._rebuild_tensor', tensor),
    new Global('torch._utils._rebuild_tensor_v2', tensor),
    new Global('torch._utils._rebuild_parameter', inner),
    // How PyTorch before 0.2 wrote parameters.
    new Global('torch.nn.parameter.Parameter', inner),
    // mseitzer/srgan keeps its settings beside the weights; they are passed over.
    new Global('utils.config.Configuration', () => new Map()),
    ...Object.entries(STORAGES).map(([name, dtype]) => new Global(`torch.${name}`, null, dtype)),
  ].map((global) => [global.name, global]),
);
