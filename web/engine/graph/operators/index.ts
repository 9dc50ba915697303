import { conv } from './conv.ts';
import { cutOperators } from './cut.ts';
import { elementwise } from './elementwise.ts';
import { matmulOperators } from './matmul.ts';
import type { Operator } from './operator.ts';
import { batchNormalization, poolOperators } from './pool.ts';
import { reduceOperators } from './reduce.ts';
import { resize } from './resize.ts';
import { shapeOperators } from './shape.ts';
import { unaryOperators } from './unary.ts';

/**
 * Every operator the engine knows, by its ONNX name (opset 18). To support another one, add an entry:
 * `infer` is enough for forward use, `vjp` makes it differentiable.
 */
export const OPERATORS: Record<string, Operator> = {
  ...elementwise,
  ...unaryOperators,
  ...matmulOperators,
  Conv: conv,
  ...poolOperators,
  BatchNormalization: batchNormalization,
  ...shapeOperators,
  ...cutOperators,
  Resize: resize,
  ...reduceOperators,
};

export type { Operator, Vjp } from './operator.ts';
