import { isPth, weightsFromPth } from './pth.ts';
import { WeightMap } from '../../web/engine/networks/weights.ts';

/** Weights from a safetensors file or one of PyTorch's, told apart by their first bytes. Throws InvalidModelError. */
export function readWeights(bytes: Uint8Array): WeightMap {
  return isPth(bytes) ? weightsFromPth(bytes) : WeightMap.fromSafetensors(bytes);
}
