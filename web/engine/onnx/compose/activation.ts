/** Activation functions, in terms of simpler ones. */
import type { GraphBuilder } from '../../graph/builder.ts';
import { floatAttribute, stringAttribute, type Value } from '../../graph/graph.ts';
import { unsupported } from '../../graph/operators/operator.ts';
import { composed, type Composition } from './composition.ts';

type Write = (
  b: GraphBuilder,
  x: Value,
  number: (name: string, fallback: number) => number,
) => Value;

const activation = (attributes: readonly string[], write: Write): Composition =>
  composed(Object.fromEntries(attributes.map((name) => [name, 'all'])), (b, node, [x]) =>
    write(b, x!, (name, fallback) => floatAttribute(node.attributes, name, fallback)),
  );

/** α·(exp(x / β) − 1) below zero, x above; exp never sees what would overflow. */
function exponentialUnit(b: GraphBuilder, x: Value, alpha: number, beta = 1): Value {
  const positive = b.greater(x, 0);
  const low = b.where(positive, 0, x);
  const curve = b.mul(b.sub(b.exp(beta === 1 ? low : b.mul(low, 1 / beta)), 1), alpha);
  return b.where(positive, x, curve);
}

/** ln(1 + exp x) = max(x, 0) + ln(1 + exp −|x|), which does not overflow. */
const softplus = (b: GraphBuilder, x: Value): Value =>
  b.add(b.op('Max', [x, b.scalar(0, x.dtype)]), b.log(b.add(b.exp(b.neg(b.abs(x))), 1)));

const hardSigmoid = (b: GraphBuilder, x: Value, alpha: number, beta: number): Value =>
  b.clip(b.add(b.mul(x, alpha), beta), 0, 1);

/** x·Φ(x), and its approximation (Hendrycks and Gimpel 2016, arXiv:1606.08415, section 2). */
function gelu(b: GraphBuilder, x: Value, approximate: boolean): Value {
  const inner = approximate
    ? b.op('Tanh', [
        b.mul(b.add(x, b.mul(b.mul(b.square(x), x), 0.044715)), Math.sqrt(2 / Math.PI)),
      ])
    : b.op('Erf', [b.mul(x, Math.SQRT1_2)]);
  return b.mul(b.mul(x, 0.5), b.add(inner, 1));
}

export const activations: Record<string, Composition> = {
  Elu: activation(['alpha'], (b, x, number) => exponentialUnit(b, x, number('alpha', 1))),
  Celu: activation(['alpha'], (b, x, number) => {
    const alpha = number('alpha', 1);
    return exponentialUnit(b, x, alpha, alpha);
  }),
  Selu: activation(['alpha', 'gamma'], (b, x, number) =>
    b.mul(
      exponentialUnit(b, x, number('alpha', 1.67326319217681884765625)),
      number('gamma', 1.05070102214813232421875),
    ),
  ),
  HardSigmoid: activation(['alpha', 'beta'], (b, x, number) =>
    hardSigmoid(b, x, number('alpha', 0.2), number('beta', 0.5)),
  ),
  HardSwish: activation([], (b, x) => b.mul(x, hardSigmoid(b, x, 1 / 6, 0.5))),
  Softplus: activation([], softplus),
  Softsign: activation([], (b, x) => b.div(x, b.add(b.abs(x), 1))),
  Mish: activation([], (b, x) => b.mul(x, b.op('Tanh', [softplus(b, x)]))),
  ThresholdedRelu: activation(['alpha'], (b, x, number) =>
    b.where(b.greater(x, number('alpha', 1)), x, 0),
  ),
  Reciprocal: activation([], (b, x) => b.div(1, x)),
  Gelu: composed({ approximate: ['none', 'tanh'] }, (b, node, [x]) =>
    gelu(b, x!, stringAttribute(node.attributes, 'approximate', 'none') === 'tanh'),
  ),
  // Inference: dropout passes its input on.
  Dropout: {
    attributes: { seed: 'no effect' },
    write: (_b, node) => {
      const training = node.inputs[2];
      if (training && training.data?.bytes.every((byte) => byte === 0) !== true) {
        throw unsupported(node, 'training_mode');
      }
      return [node.inputs[0]!];
    },
  },
};
