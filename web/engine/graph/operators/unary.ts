/** Operators that treat each element by itself. */
import { DTYPES, dtypeOfCode } from '../tensor.ts';
import { floatAttribute, intAttribute, type Value } from '../graph.ts';
import type { GraphWriter } from '../writer.ts';
import { unbroadcast } from './elementwise.ts';
import { inputOf, noGradient, sameAsInput, type Operator } from './operator.ts';

/** An operator y = f(x) whose rule is dx = g(dy, x, y). */
function unary(gradient?: (b: GraphWriter, dy: Value, x: Value, y: Value) => Value): Operator {
  if (!gradient) return { infer: sameAsInput };
  return {
    infer: sameAsInput,
    vjp: (b, node, dy) => [gradient(b, dy, inputOf(node, 0), node.outputs[0]!)],
    broadcasts: true,
  };
}

export const unaryOperators: Record<string, Operator> = {
  Identity: unary((_b, dy) => dy),
  Neg: unary((b, dy) => b.neg(dy)),
  Abs: unary((b, dy, x) => b.mul(dy, b.sign(x))),
  Sqrt: unary((b, dy, _x, y) => b.div(b.mul(dy, 0.5), y)),
  Exp: unary((b, dy, _x, y) => b.mul(dy, y)),
  Log: unary((b, dy, x) => b.div(dy, x)),
  Sin: unary((b, dy, x) => b.mul(dy, b.op('Cos', [x]))),
  Cos: unary((b, dy, x) => b.neg(b.mul(dy, b.op('Sin', [x])))),
  Erf: unary((b, dy, x) => b.mul(dy, b.mul(b.exp(b.neg(b.square(x))), 2 / Math.sqrt(Math.PI)))),
  Sigmoid: unary((b, dy, _x, y) => b.mul(dy, b.mul(y, b.sub(1, y)))),
  Tanh: unary((b, dy, _x, y) => b.mul(dy, b.sub(1, b.square(y)))),
  // At 0 the gradient is 0, as in PyTorch.
  Relu: unary((b, dy, _x, y) => b.where(b.greater(y, 0), dy, 0)),
  Sign: unary(),
  Floor: unary(),

  LeakyRelu: {
    attributes: { alpha: 'all' },
    infer: sameAsInput,
    vjp: (b, node, dy) => {
      const slope = floatAttribute(node.attributes, 'alpha', 0.01);
      return [b.where(b.greater(inputOf(node, 0), 0), dy, b.mul(dy, slope))];
    },
    broadcasts: true,
  },

  PRelu: {
    infer: sameAsInput,
    vjp: (b, node, dy, needs) => {
      const [x, slope] = [inputOf(node, 0), inputOf(node, 1)];
      const positive = b.greater(x, 0);
      return [
        b.where(positive, dy, b.mul(dy, slope)),
        needs[1] ? unbroadcast(b, b.where(positive, 0, b.mul(dy, x)), slope.dims, x.dims) : null,
      ];
    },
  },

  Clip: {
    infer: sameAsInput,
    vjp: (b, node, dy, needs) => {
      if (needs[1] || needs[2]) throw noGradient(node, 'bounds');
      // Inside the bounds clip(x) = x, bounds included.
      const [x, low, high] = [inputOf(node, 0), node.inputs[1], node.inputs[2]];
      const above = low ? b.where(b.less(x, low), 0, dy) : dy;
      return [high ? b.where(b.greater(x, high), 0, above) : above];
    },
    broadcasts: true,
  },

  Cast: {
    // `saturate` is about 8 bit floats, which are not supported.
    attributes: { to: 'all', saturate: 'no effect' },
    infer: (node) => {
      const dtype = dtypeOfCode(intAttribute(node.attributes, 'to', DTYPES.float32.code));
      if (!dtype) throw new RangeError('Cast to an element type that is not supported');
      return [{ dtype, dims: inputOf(node, 0).dims }];
    },
    vjp: (b, node, dy) => {
      const { dtype } = node.outputs[0]!;
      if (dtype !== 'float32' && dtype !== 'float16')
        throw noGradient(node, `input, rounded to ${dtype}`);
      return [b.cast(dy, inputOf(node, 0).dtype)];
    },
    broadcasts: true,
  },
};
