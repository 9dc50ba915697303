/** Named tensors of a trained network, and the safetensors format they come in. */
import { InvalidModelError } from '../errors.ts';
import { DTYPES, sizeOf, type DType, type TensorData } from '../graph/tensor.ts';

const ADVICE = 'Get the file again, or check that it holds the network you named.';

const DTYPE_OF: Record<string, DType> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  I64: 'int64',
  I32: 'int32',
  I8: 'int8',
  U8: 'uint8',
};

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Tensors by name; taking one crosses it off, so that leftovers can be reported. */
export class WeightMap {
  readonly metadata: Readonly<Record<string, string>>;
  readonly #tensors: Map<string, TensorData>;

  constructor(tensors: Map<string, TensorData>, metadata: Record<string, string> = {}) {
    this.#tensors = tensors;
    this.metadata = metadata;
  }

  /**
   * Reads a safetensors file: 8 bytes little-endian header length, a JSON header, then the data
   * (huggingface/safetensors, README "Format"). Tensors are views into `bytes`.
   */
  static fromSafetensors(bytes: Uint8Array): WeightMap {
    const header = readHeader(bytes);
    const tensors = new Map<string, TensorData>();
    for (const [name, entry] of Object.entries(header.tensors)) {
      tensors.set(name, tensorOf(name, entry, bytes.subarray(header.end)));
    }
    return new WeightMap(tensors, header.metadata);
  }

  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  /** The tensor, whose dims must be `dims` (null: any). Throws InvalidModelError naming it otherwise. */
  take(name: string, dims: readonly (number | null)[]): TensorData {
    const tensor = this.#tensors.get(name);
    if (!tensor) throw new InvalidModelError(`the tensor "${name}" is missing`, ADVICE);
    const fits =
      tensor.dims.length === dims.length &&
      dims.every((dim, i) => dim === null || dim === tensor.dims[i]);
    if (!fits) {
      const wanted = dims.map((dim) => dim ?? '?').join(', ');
      throw new InvalidModelError(
        `the tensor "${name}" is [${tensor.dims.join(', ')}], expected [${wanted}]`,
        ADVICE,
      );
    }
    this.#tensors.delete(name);
    return tensor;
  }

  /** Throws if a tensor was never taken: a name that nobody asked for is a name that was meant otherwise. */
  finish(ignore: RegExp): void {
    const left = [...this.#tensors.keys()].filter((name) => !ignore.test(name));
    if (left.length > 0) {
      throw new InvalidModelError(
        `the tensor "${left[0]!}" does not belong to this network`,
        ADVICE,
      );
    }
  }
}

function readHeader(bytes: Uint8Array) {
  const refuse = (why: string, cause?: unknown) =>
    new InvalidModelError(`not a safetensors file: ${why}`, ADVICE, { cause });
  if (bytes.byteLength < 8) throw refuse('it is too short');
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > bytes.byteLength - 8) throw refuse('its header is cut short');
  let json: unknown;
  try {
    json = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length)),
    );
  } catch (error) {
    throw refuse('its header is not JSON', error);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw refuse('its header is not an object');
  const { __metadata__: metadata = {}, ...tensors } = json as Record<string, unknown>;
  for (const [name, entry] of Object.entries(tensors)) {
    if (!isEntry(entry)) throw refuse(`its entry "${name}" is malformed`);
  }
  return {
    metadata: metadata as Record<string, string>,
    tensors: tensors as Record<string, HeaderEntry>,
    end: 8 + length,
  };
}

const isCount = (n: unknown): n is number => Number.isSafeInteger(n) && (n as number) >= 0;

function isEntry(entry: unknown): entry is HeaderEntry {
  const {
    dtype,
    shape,
    data_offsets: offsets,
  } = (entry ?? {}) as Partial<Record<keyof HeaderEntry, unknown>>;
  return (
    typeof dtype === 'string' &&
    Array.isArray(shape) &&
    shape.every(isCount) &&
    Array.isArray(offsets) &&
    offsets.length === 2 &&
    offsets.every(isCount)
  );
}

function tensorOf(name: string, entry: HeaderEntry, data: Uint8Array): TensorData {
  const dtype = DTYPE_OF[entry.dtype];
  if (!dtype)
    throw new InvalidModelError(`the tensor "${name}" has the type ${entry.dtype}`, ADVICE);
  const [from, to] = entry.data_offsets;
  if (to > data.byteLength) {
    throw new InvalidModelError(`the file is cut short in the tensor "${name}"`, ADVICE);
  }
  if (to - from !== sizeOf(entry.shape) * DTYPES[dtype].bytes) {
    throw new InvalidModelError(`the tensor "${name}" has the wrong number of bytes`, ADVICE);
  }
  return { dtype, dims: entry.shape, bytes: data.subarray(from, to) };
}
