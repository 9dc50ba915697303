/**
 * Tensors out of PyTorch's own files (torch/serialization.py): the zip archive of torch >= 1.6, and the older file of
 * pickles with the storages after them.
 */
import { DTYPES, sizeOf, type TensorData } from '../../web/engine/graph/tensor.ts';
import { Machine } from './pickle.ts';
import { refuse, TensorRef, type Pickled, type Storage } from './pickled.ts';
import { WeightMap } from '../../web/engine/networks/weights.ts';
import { unpacked, zipEntries } from './zip.ts';

/** The first pickle of the older format: the number 0x1950a86a20f9469cfc6c. */
const MAGIC = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
const ZIP = [0x50, 0x4b, 0x03, 0x04];
const PROTOCOL = 1001;

/** Where programs put the weights inside a checkpoint, in order of preference. */
const NESTS = ['state_dict', 'generator', 'model', 'params_ema', 'params', 'runner'];
const MAX_NESTING = 4;

/** A tensor whose elements are not in row-major order is copied; all copies together stay below this many file sizes. */
const MAX_COPIES = 8;

const startsWith = (bytes: Uint8Array, head: readonly number[]): boolean =>
  head.every((byte, i) => bytes[i] === byte);

/** Whether the bytes begin like one of PyTorch's files. */
export const isPth = (bytes: Uint8Array): boolean =>
  startsWith(bytes, ZIP) || startsWith(bytes, MAGIC);

/**
 * The weights in a file written by `torch.save`: a state dict, bare or under a usual key. Tensors are views where the file
 * allows. Throws InvalidModelError for anything that is not tensors; nothing in the file is ever executed.
 */
export function weightsFromPth(bytes: Uint8Array): WeightMap {
  if (startsWith(bytes, ZIP)) return fromZip(bytes);
  if (startsWith(bytes, MAGIC)) return fromPickles(bytes);
  throw refuse('it begins neither as a zip archive nor as a pickle');
}

// --- The zip archive: NAME/data.pkl, and NAME/data/KEY for each storage ---

function fromZip(bytes: Uint8Array): WeightMap {
  const entries = zipEntries(bytes);
  const path = [...entries.keys()].find((name) => /(^|\/)data\.pkl$/.test(name));
  if (path === undefined) throw refuse('the archive has no data.pkl');
  const folder = path.slice(0, -'data.pkl'.length);
  const order = entries.get(`${folder}byteorder`);
  if (order && new TextDecoder().decode(unpacked(order)) !== 'little')
    throw refuse('it is big-endian');
  const refs = stateDict(new Machine(unpacked(entries.get(path)!)).run());
  const data = new Map<string, Uint8Array>();
  return collect(refs, bytes.length, (storage) => {
    const entry = entries.get(`${folder}data/${storage.key}`);
    if (entry?.size !== bytesOf(storage)) return undefined;
    const known = data.get(storage.key) ?? unpacked(entry);
    data.set(storage.key, known);
    return known;
  });
}

// --- The older format: magic number, protocol, system, the object, the keys of the storages, the storages ---

function fromPickles(bytes: Uint8Array): WeightMap {
  let at = 0;
  const next = (): Pickled => {
    const machine = new Machine(bytes, at);
    const value = machine.run();
    at = machine.end;
    return value;
  };
  next();
  if (next() !== PROTOCOL) throw refuse('its version is not known');
  const system = next();
  if (!(system instanceof Map) || system.get('little_endian') !== true)
    throw refuse('it is big-endian');
  const root = next();
  const keys = next();
  if (!Array.isArray(keys)) throw refuse('the list of storages is malformed');
  const refs = stateDict(root);
  const storages = storagesOf(root);
  const data = new Map<Pickled, Uint8Array>();
  for (const key of keys) {
    const storage = storages.get(key);
    if (!storage) throw refuse('a storage has no tensor');
    const start = at + 8;
    at = start + bytesOf(storage);
    if (at > bytes.length) throw refuse('it is cut short');
    const count = new DataView(bytes.buffer, bytes.byteOffset + start - 8).getBigInt64(0, true);
    if (count !== BigInt(storage.size)) throw refuse(`storage ${storage.key} has the wrong size`);
    data.set(key, bytes.subarray(start, at));
  }
  return collect(refs, bytes.length, ({ key }) => data.get(key));
}

/** Every storage below `root`, by key. */
function storagesOf(root: Pickled): Map<Pickled, Storage> {
  const found = new Map<Pickled, Storage>();
  const seen = new Set<Pickled>();
  const stack: Pickled[] = [root];
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (value instanceof TensorRef) found.set(value.storage.key, value.storage);
    if (!(value instanceof Map || Array.isArray(value)) || seen.has(value)) continue;
    seen.add(value);
    for (const part of value.values()) stack.push(part);
  }
  return found;
}

// --- Both ---

const bytesOf = ({ dtype, size }: Storage): number => size * DTYPES[dtype].bytes;

function stateDict(root: Pickled): Map<string, TensorRef> {
  let dict = root;
  for (let depth = 0; depth <= MAX_NESTING && dict instanceof Map; depth++) {
    const tensors = [...dict].filter(
      (entry): entry is [string, TensorRef] =>
        typeof entry[0] === 'string' && entry[1] instanceof TensorRef,
    );
    if (tensors.length > 0) return new Map(tensors);
    const nest: string | undefined = NESTS.find((key) => (dict as Map<Pickled, Pickled>).has(key));
    dict = nest === undefined ? null : dict.get(nest)!;
  }
  throw refuse('it holds no state dict');
}

function collect(
  refs: ReadonlyMap<string, TensorRef>,
  fileBytes: number,
  dataOf: (storage: Storage) => Uint8Array | undefined,
): WeightMap {
  let left = MAX_COPIES * fileBytes;
  const tensors = new Map<string, TensorData>();
  for (const [name, ref] of refs) {
    const data = dataOf(ref.storage);
    if (data?.length !== bytesOf(ref.storage))
      throw refuse(`the storage of "${name}" is missing or cut short`);
    const { dims, storage } = ref;
    const last = dims.reduce((end, dim, i) => end + (dim - 1) * ref.strides[i]!, ref.offset);
    const empty = sizeOf(dims) === 0;
    if (!empty && last >= storage.size) throw refuse(`the tensor "${name}" leaves its storage`);
    const unit = DTYPES[storage.dtype].bytes;
    if (empty || isRowMajor(ref)) {
      const bytes = data.subarray(ref.offset * unit, (ref.offset + sizeOf(dims)) * unit);
      tensors.set(name, { dtype: storage.dtype, dims, bytes });
      continue;
    }
    left -= sizeOf(dims) * unit;
    if (left < 0) throw refuse('its tensors are many times larger than the file');
    tensors.set(name, { dtype: storage.dtype, dims, bytes: gathered(ref, data, unit) });
  }
  return new WeightMap(tensors);
}

function isRowMajor({ dims, strides }: TensorRef): boolean {
  let step = 1;
  for (let i = dims.length - 1; i >= 0; i--) {
    if (dims[i] !== 1 && strides[i] !== step) return false;
    step *= dims[i]!;
  }
  return true;
}

/** The elements in row-major order. */
function gathered(
  { offset, dims, strides }: TensorRef,
  data: Uint8Array,
  unit: number,
): Uint8Array {
  const out = new Uint8Array(sizeOf(dims) * unit);
  const index = dims.map(() => 0);
  let from = offset;
  for (let to = 0; to < out.length; to += unit) {
    out.set(data.subarray(from * unit, (from + 1) * unit), to);
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < dims[axis]!) break;
      from -= strides[axis]! * dims[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}
