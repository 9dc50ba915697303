/** One step to be measured, in terms that every program understands; and what is said to a program. */
import type { StyleSettings } from '../../shared/settings.ts';

/** A stage of the network; numbers of `data` are counted in floats of the weight file. */
export type Stage = {
  /** The stage whose value it takes; -1: the picture. */
  readonly from: number;
} & (
  | { readonly op: 'scale' | 'shift'; readonly data: number }
  | {
      readonly op: 'conv';
      readonly in: number;
      readonly out: number;
      /** Side of the kernel, and the zeros on every side. */
      readonly size: number;
      readonly pad: number;
      readonly stride: number;
      /** [out, in, size, size] */
      readonly data: number;
      readonly bias: number;
    }
  | { readonly op: 'relu' }
  /** Of maxima. `ceil`: windows may reach beyond the edge. */
  | { readonly op: 'pool'; readonly size: number; readonly stride: number; readonly ceil: boolean }
  | { readonly op: 'sum'; readonly and: number }
);

/** A layer whose loss counts: the value after `stage`. */
export interface TaskTap {
  readonly stage: number;
  readonly weight: number;
}

/** What a program needs to take the step. Files are names in the folder of the run. */
export interface Task {
  readonly name: string;
  /** Side of the square pictures. */
  readonly size: number;
  /** The network as ONNX. */
  readonly model: string;
  /** The same weights as little-endian float32. */
  readonly weights: string;
  /** Content, then style, each [3, size, size] RGB 0..1 as float32. */
  readonly pictures: string;
  readonly stages: readonly Stage[];
  readonly style: readonly TaskTap[];
  readonly content: readonly TaskTap[];
  readonly settings: StyleSettings;
}

/** A prepared task. */
export interface Stepper {
  /** One optimisation step; the loss of the image it began with. */
  step(): Promise<number>;
  dispose(): void | Promise<void>;
}

export type OpenFile = (name: string) => Promise<Uint8Array<ArrayBuffer>>;
export type Prepare = (task: Task, open: OpenFile) => Promise<Stepper>;

export type Request =
  | { readonly do: 'prepare'; readonly task: Task }
  | { readonly do: 'steps'; readonly count: number }
  | { readonly do: 'dispose' };

export interface Reply {
  readonly error?: string;
  /** Of `prepare`: what runs, with its version. */
  readonly about?: string;
  /** Of `steps`: milliseconds and loss of each. */
  readonly ms?: readonly number[];
  readonly losses?: readonly number[];
  /** Processor time of all steps together in milliseconds, over all threads. */
  readonly cpuMs?: number;
}

/** Content and style as planes of float32. */
export async function readPictures(
  task: Task,
  open: OpenFile,
): Promise<[content: Float32Array<ArrayBuffer>, style: Float32Array<ArrayBuffer>]> {
  const values = floatsOf(await open(task.pictures));
  const half = values.length / 2;
  return [values.slice(0, half), values.slice(half)];
}

export function floatsOf(bytes: Uint8Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}
