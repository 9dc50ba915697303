/** Model files for the engine: from this device, or fetched and kept. */
import { ensureModel, type OnProgress } from '../storage/models.ts';
import type { ModelSource } from './contract.ts';

/** @throws InvalidModelError if the file cannot be had or is not the one the manifest means; CancelledError */
export const fetchModel = (
  source: ModelSource,
  signal: AbortSignal,
  onDownload: OnProgress,
): Promise<Uint8Array> => ensureModel(source, signal, onDownload);
