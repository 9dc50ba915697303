import { activations } from './activation.ts';
import type { Composition } from './composition.ts';
import { contractions } from './einsum.ts';
import { normalizations } from './normalization.ts';
import { quantization } from './quantized.ts';
import { rearrangements } from './rearrange.ts';
import { reductions } from './reduction.ts';
import { several } from './several.ts';
import { windows } from './window.ts';

/** Operators of files that are written as others of the table in `graph/operators`. */
export const COMPOSITIONS: Readonly<Record<string, Composition>> = {
  ...activations,
  ...several,
  ...windows,
  ...normalizations,
  ...reductions,
  ...rearrangements,
  ...contractions,
  ...quantization,
};

export type { Composition } from './composition.ts';
