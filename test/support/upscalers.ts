import { readFileSync } from 'node:fs';
import { ARCHITECTURES, networkFile } from '../../tools/making/architectures.ts';
import { conventionOf } from '../../web/engine/networks/convention.ts';
import { readWeights } from '../../tools/making/read.ts';
import { Upscaler } from '../../web/engine/networks/upscaler.ts';

/** A super-resolution network from a file of weights, by way of the ONNX file that an import would store. */
export function importUpscaler(file: string | URL): Upscaler {
  const weights = readWeights(readFileSync(file));
  const { convention } = ARCHITECTURES['srgan']!;
  const preprocess = conventionOf({ ...convention, ...weights.metadata });
  const origin = { label: '', licence: '', source: '', variant: 'v1', preprocess } as const;
  return Upscaler.parse(networkFile(ARCHITECTURES['srgan']!, weights, origin));
}
