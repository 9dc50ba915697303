/** One class for each kind of failure. `message` says what happened, `advice` what the user can do about it. */
export abstract class RestyleError extends Error {
  abstract readonly kind: string;
  readonly advice: string;

  constructor(message: string, advice: string, options?: ErrorOptions) {
    super(message, options);
    this.advice = advice;
    // Not the class's own name, which a minifier shortens; `kind` tells the classes apart.
    this.name = 'RestyleError';
  }
}

/** A request that cannot be carried out: an option out of range, an empty picture, too many styles. */
export class InvalidRequestError extends RestyleError {
  readonly kind = 'invalid-request';
}

/** A mask that does not fit its photo or its styles. */
export class MaskError extends RestyleError {
  readonly kind = 'mask';
}

/** A picture that the network's pooling leaves nothing of at the size it is painted at. */
export class ThinPictureError extends RestyleError {
  readonly kind = 'thin-picture';
}

/** No loss is a finite number: there is nothing to go by. */
export class DivergedError extends RestyleError {
  readonly kind = 'diverged';
}

/** A model file that is damaged, or not what it says it is. */
export class InvalidModelError extends RestyleError {
  readonly kind = 'invalid-model';
}

/** An ONNX operator outside the tables of `graph/operators/`. */
export class UnsupportedOperatorError extends RestyleError {
  readonly kind = 'unsupported-operator';
}

/** The wanted backend cannot run here (no WebGPU adapter, runtime failed to load). */
export class BackendUnavailableError extends RestyleError {
  readonly kind = 'backend-unavailable';
}

/** The picture, at this size and with this network, does not fit the device. */
export class OutOfMemoryError extends RestyleError {
  readonly kind = 'out-of-memory';
}

/** The browser took the GPU away (driver reset, sleep, another tab). */
export class DeviceLostError extends RestyleError {
  readonly kind = 'device-lost';
}

/** What was running is gone without a word: browsers end a worker that takes too much memory. */
export class EngineLostError extends RestyleError {
  readonly kind = 'engine-lost';
}

/** A checkpoint that belongs to another run, is of another version, or is damaged. */
export class UnfitCheckpointError extends RestyleError {
  readonly kind = 'unfit-checkpoint';
}

/** The runtime refused the graph or failed while running it. */
export class ComputeError extends RestyleError {
  readonly kind = 'compute';
}

/** Cancelled by the user. Named as the platform's own AbortError, so that one test catches both. */
export class CancelledError extends RestyleError {
  readonly kind = 'cancelled';

  constructor() {
    super('cancelled', 'Start again when you like.');
    this.name = 'AbortError';
  }
}
