/**
 * What is used of TensorFlow.js. Its own declarations load a version of WebGPU's types that contradicts
 * this project's.
 */
export interface Tensor {
  readonly shape: readonly number[];
  readonly size: number;
  clone(): Tensor;
  data(): Promise<Float32Array>;
  dispose(): void;
}

export interface Variable extends Tensor {
  assign(value: Tensor): void;
}

export interface Optimizer {
  minimize(loss: () => Tensor, returnCost: true, variables: readonly Variable[]): Tensor;
  dispose(): void;
}

type Operand = Tensor | number;

export function tensor(values: Float32Array, shape: readonly number[]): Tensor;
export function variable(initial: Tensor): Variable;
export function add(a: Operand, b: Operand): Tensor;
export function mul(a: Operand, b: Operand): Tensor;
export function div(a: Operand, b: Operand): Tensor;
export function sum(x: Tensor): Tensor;
export function square(x: Tensor): Tensor;
export function squaredDifference(a: Tensor, b: Tensor): Tensor;
export function relu(x: Tensor): Tensor;
export function clipByValue(x: Tensor, low: number, high: number): Tensor;
export function conv2d(x: Tensor, filter: Tensor, stride: number, pad: number): Tensor;
export function maxPool(x: Tensor, size: number, stride: number, pad: 'valid' | 'same'): Tensor;
export function matMul(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor;
export function reshape(x: Tensor, shape: readonly number[]): Tensor;
export function transpose(x: Tensor, perm: readonly number[]): Tensor;
export function expandDims(x: Tensor): Tensor;
export function keep(x: Tensor): Tensor;
export function tidy<T>(task: () => T): T;
export function dispose(tensors: readonly Tensor[]): void;
export function setBackend(name: string): Promise<boolean>;
export function ready(): Promise<void>;
export function env(): { getBool(flag: string): boolean };
export function engine(): { startScope(): void; endScope(): void };

export const train: {
  adam(learningRate: number, beta1: number, beta2: number, epsilon: number): Optimizer;
};

// Of @tensorflow/tfjs-backend-wasm.
export const version_wasm: string;
export function setWasmPaths(folder: string): void;
export function setThreadsCount(count: number): void;
