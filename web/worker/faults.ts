/** Errors on their way from the worker to the page: out as data, back as the same class. */
import {
  BackendUnavailableError,
  CancelledError,
  ComputeError,
  DeviceLostError,
  DivergedError,
  EngineLostError,
  InvalidModelError,
  InvalidRequestError,
  MaskError,
  OutOfMemoryError,
  RestyleError,
  ThinPictureError,
  UnfitCheckpointError,
  UnsupportedOperatorError,
} from '../engine/errors.ts';
import { outOfMemory } from '../engine/runtime/runtime.ts';

export interface Fault {
  readonly kind: FaultKind;
  readonly message: string;
  readonly advice: string;
  readonly stack: string;
}

type Make = (message: string, advice: string) => RestyleError;

const CLASSES = {
  'invalid-request': (message, advice) => new InvalidRequestError(message, advice),
  'thin-picture': (message, advice) => new ThinPictureError(message, advice),
  mask: (message, advice) => new MaskError(message, advice),
  diverged: (message, advice) => new DivergedError(message, advice),
  'invalid-model': (message, advice) => new InvalidModelError(message, advice),
  'unsupported-operator': (message, advice) => new UnsupportedOperatorError(message, advice),
  'backend-unavailable': (message, advice) => new BackendUnavailableError(message, advice),
  'out-of-memory': (message, advice) => new OutOfMemoryError(message, advice),
  'device-lost': (message, advice) => new DeviceLostError(message, advice),
  'engine-lost': (message, advice) => new EngineLostError(message, advice),
  'unfit-checkpoint': (message, advice) => new UnfitCheckpointError(message, advice),
  compute: (message, advice) => new ComputeError(message, advice),
  cancelled: () => new CancelledError(),
} as const satisfies Record<string, Make>;

export type FaultKind = keyof typeof CLASSES;

const isKind = (kind: string): kind is FaultKind => Object.hasOwn(CLASSES, kind);

export function toFault(error: unknown): Fault {
  if (error instanceof RestyleError && isKind(error.kind)) {
    const { kind, message, advice, stack = '' } = error;
    return { kind, message, advice, stack };
  }
  // What browsers say when an array is too large for the memory there is.
  if (error instanceof RangeError && /memory|allocation/i.test(error.message)) {
    return toFault(outOfMemory(error));
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return { kind: 'compute', message, advice: 'Reload the page and try again.', stack };
}

export function fromFault({ kind, message, advice, stack }: Fault): RestyleError {
  const error = CLASSES[kind](message, advice);
  error.stack = stack;
  return error;
}

/** The kind of an error of ours, `cancelled` for the platform's own AbortError, else null. */
export function kindOf(error: unknown): FaultKind | null {
  if (error instanceof RestyleError && isKind(error.kind)) return error.kind;
  return error instanceof Error && error.name === 'AbortError' ? 'cancelled' : null;
}

export {
  BackendUnavailableError,
  CancelledError,
  EngineLostError,
  InvalidModelError,
  RestyleError,
};
