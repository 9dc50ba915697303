import type { Runtime } from '../runtime/runtime.ts';
import { Painting } from './painting.ts';
import type { StylizeOptions, StylizeResult } from './progress.ts';
import { checkRequest, type StylizeRequest } from './request.ts';

export type { Checkpoint } from './checkpoint.ts';
export type { Progress, StylizeOptions, StylizeResult } from './progress.ts';
export type { StepLosses } from './stepLosses.ts';
export type { StylizeRequest } from './request.ts';

/**
 * Paints `content` in the manner of `styles` (Gatys et al. 2016, CVPR), coarse to fine.
 *
 * @throws InvalidRequestError, InvalidModelError, UnsupportedOperatorError, OutOfMemoryError, DeviceLostError, CancelledError
 */
export async function stylize(
  runtime: Runtime,
  request: StylizeRequest,
  options: StylizeOptions = {},
): Promise<StylizeResult> {
  checkRequest(request);
  return new Painting(runtime, withBeginning(request), options).run();
}

/** Without a network that sketches, a run begins from the content, and through the sizes that this takes. */
function withBeginning(request: StylizeRequest): StylizeRequest {
  const { settings, sketch, start } = request;
  if (settings.init !== 'sketch' || sketch || start) return request;
  return { ...request, settings: { ...settings, init: 'content' } };
}
