/** Tensors as they lie in a model file: a dtype, dims and raw little-endian bytes. */

/** Element types by their ONNX name, with the code of `TensorProto.DataType` and the bytes of one element. */
export const DTYPES = {
  float32: { code: 1, bytes: 4 },
  uint8: { code: 2, bytes: 1 },
  int8: { code: 3, bytes: 1 },
  int32: { code: 6, bytes: 4 },
  int64: { code: 7, bytes: 8 },
  bool: { code: 9, bytes: 1 },
  float16: { code: 10, bytes: 2 },
  float64: { code: 11, bytes: 8 },
} as const;

export type DType = keyof typeof DTYPES;

/** Row-major tensor; `bytes` may be a view into a larger file and is never written to. */
export interface TensorData {
  readonly dtype: DType;
  readonly dims: readonly number[];
  readonly bytes: Uint8Array;
}

export function dtypeOfCode(code: number): DType | undefined {
  return (Object.keys(DTYPES) as DType[]).find((name) => DTYPES[name].code === code);
}

/** Number of elements of a tensor with these dims (1 for a scalar). */
export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

export function float32(
  dims: readonly number[],
  values: Float32Array | readonly number[],
): TensorData {
  const array = values instanceof Float32Array ? values : Float32Array.from(values);
  return checked({ dtype: 'float32', dims, bytes: bytesOf(array) });
}

/** Dims without values, for planning. */
export const outline = (dims: readonly number[]): TensorData => ({
  dtype: 'float32',
  dims,
  bytes: new Uint8Array(0),
});

/** A tensor whose values are worked out when they are asked for. */
export function deferred(
  dtype: DType,
  dims: readonly number[],
  values: () => TensorData,
): TensorData {
  let bytes: Uint8Array | undefined;
  return {
    dtype,
    dims,
    get bytes() {
      return (bytes ??= values().bytes);
    },
  };
}

export function int64(dims: readonly number[], values: readonly number[]): TensorData {
  return checked({ dtype: 'int64', dims, bytes: bytesOf(BigInt64Array.from(values, BigInt)) });
}

export function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function checked(tensor: TensorData): TensorData {
  const expected = sizeOf(tensor.dims) * DTYPES[tensor.dtype].bytes;
  if (tensor.bytes.byteLength !== expected) {
    throw new RangeError(
      `a ${tensor.dtype} tensor [${tensor.dims.join(', ')}] needs ${expected} bytes, got ${tensor.bytes.byteLength}`,
    );
  }
  return tensor;
}

/** The bytes as a typed array: a view where they are aligned, else a copy. */
function view<T>(
  bytes: Uint8Array,
  Type: {
    new (buffer: ArrayBufferLike, offset: number, length: number): T;
    BYTES_PER_ELEMENT: number;
  },
): T {
  const length = bytes.byteLength / Type.BYTES_PER_ELEMENT;
  const source = bytes.byteOffset % Type.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes);
  return new Type(source.buffer, source.byteOffset, length);
}

/** Elements as float32; float32 data is not copied if aligned, other floats are converted. */
export function toFloat32(tensor: TensorData): Float32Array {
  switch (tensor.dtype) {
    case 'float32':
      return view(tensor.bytes, Float32Array);
    case 'float16':
      return halfToFloat(view(tensor.bytes, Uint16Array));
    case 'float64':
      return Float32Array.from(view(tensor.bytes, Float64Array));
    default:
      return Float32Array.from(toNumbers(tensor));
  }
}

/** Elements as plain numbers (int64 beyond 2^53 would lose digits; shapes and axes never are). */
export function toNumbers(tensor: TensorData): number[] {
  switch (tensor.dtype) {
    case 'int64':
      return Array.from(view(tensor.bytes, BigInt64Array), Number);
    case 'int32':
      return Array.from(view(tensor.bytes, Int32Array));
    case 'int8':
      return Array.from(view(tensor.bytes, Int8Array));
    case 'uint8':
    case 'bool':
      return Array.from(tensor.bytes);
    default:
      return Array.from(toFloat32(tensor));
  }
}

/** IEEE 754 binary16 to binary32, exact. */
export function halfToFloat(halves: Uint16Array): Float32Array {
  const out = new Float32Array(halves.length);
  const bits = new Uint32Array(out.buffer);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i]!;
    const sign = (half & 0x8000) << 16;
    const exponent = (half >> 10) & 0x1f;
    const mantissa = half & 0x3ff;
    if (exponent === 0) out[i] = (sign ? -1 : 1) * mantissa * 2 ** -24;
    else if (exponent === 31) bits[i] = sign | 0x7f800000 | (mantissa << 13);
    else bits[i] = sign | ((exponent + 112) << 23) | (mantissa << 13);
  }
  return out;
}

/** IEEE 754 binary32 to binary16, rounding to nearest even; beyond 65504 becomes infinity. */
export function floatToHalf(floats: Float32Array): Uint16Array {
  const out = new Uint16Array(floats.length);
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  for (let i = 0; i < floats.length; i++) {
    const word = bits[i]!;
    const sign = (word >>> 16) & 0x8000;
    const magnitude = word & 0x7fffffff;
    if (magnitude > 0x7f800000) out[i] = sign | 0x7e00;
    else if (magnitude >= 0x477ff000) out[i] = sign | 0x7c00;
    else if (magnitude < 0x38800000) out[i] = sign | roundEven(Math.abs(floats[i]!) * 2 ** 24);
    else out[i] = sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
  }
  return out;
}

function roundEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** The tensor in another float type. */
export function castFloat(tensor: TensorData, dtype: 'float32' | 'float16'): TensorData {
  if (tensor.dtype === dtype) return tensor;
  const floats = toFloat32(tensor);
  const bytes = dtype === 'float32' ? bytesOf(floats) : bytesOf(floatToHalf(floats));
  return { dtype, dims: tensor.dims, bytes };
}
