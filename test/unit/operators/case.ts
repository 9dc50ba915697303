import {
  bytesOf,
  float32,
  int64,
  type DType,
  type TensorData,
} from '../../../web/engine/graph/tensor.ts';
import { normal, random } from '../../../web/engine/random.ts';
import type { AttributeValue } from '../../support/onnx.ts';

/** One operator with attributes over one picture. */
export interface OperatorCase {
  readonly op: string;
  readonly inputs: readonly ('x' | TensorData | null)[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Dims of `x`. */
  readonly dims: readonly number[];
  /** Opsets for which it is written: each version of the operator among them is tried. */
  readonly since: number;
  readonly until: number;
  readonly outputs: number;
  /** `positive`: for roots. `distinct`: no two values close, for maxima. `wide`: far from 0. Default: away from 0. */
  readonly values?: 'positive' | 'distinct' | 'wide';
  /** Why it is not compared with the runtime, or has no gradient. */
  readonly without?: 'runtime' | 'gradient';
}

export type Given = Partial<Omit<OperatorCase, 'op' | 'attributes'>>;

/** Most cases: one picture [1, 4, 3, 3], no other operand, any opset. */
export function operatorCase(
  op: string,
  attributes: OperatorCase['attributes'] = {},
  given: Given = {},
): OperatorCase {
  const dims = [1, 4, 3, 3];
  return { op, attributes, inputs: ['x'], dims, since: 6, until: 23, outputs: 1, ...given };
}

const gauss = normal(random(71));

export const constant = (...dims: number[]): TensorData =>
  float32(dims, Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, gauss));

export const positive = (...dims: number[]): TensorData =>
  float32(
    dims,
    Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => 0.3 + Math.abs(gauss())),
  );

export const ints = (...values: number[]): TensorData => int64([values.length], values);
export const floats = (...values: number[]): TensorData => float32([values.length], values);
export const scalar = (value: number): TensorData => float32([], [value]);

export const bytes = (
  dtype: DType & ('int8' | 'uint8' | 'bool'),
  dims: number[],
  values: number[],
): TensorData => ({
  dtype,
  dims,
  bytes: bytesOf(dtype === 'int8' ? Int8Array.from(values) : Uint8Array.from(values)),
});
