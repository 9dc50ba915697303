import { describe, expect, it } from 'vitest';
import { wasmRuntime } from '../../tools/host.ts';
import { gradient } from '../../web/engine/autodiff/gradient.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import type { Value } from '../../web/engine/graph/graph.ts';
import { float32, sizeOf } from '../../web/engine/graph/tensor.ts';
import { OnnxModel } from '../../web/engine/onnx/model.ts';
import type { Precision } from '../../web/engine/onnx/pending.ts';
import { normal, random } from '../../web/engine/random.ts';
import { relativeError } from '../support/numbers.ts';
import { oneNodeModel, SPECIFICATION } from '../support/onnx.ts';
import type { OperatorCase } from './operators/case.ts';
import { elementwiseCases } from './operators/elementwise.ts';
import { shapeCases } from './operators/shapes.ts';
import { windowCases } from './operators/windows.ts';

// WebAssembly widens 16 bit operators to 32 bits and rounds their results.
const runtime = wasmRuntime(1);
// Casts say themselves what they make, and Floor and Sign jump.
const OTHERS = ['Cast', 'Floor', 'Sign'];
const CASES = [...elementwiseCases, ...windowCases, ...shapeCases].filter(
  ({ op }) => !OTHERS.includes(op),
);

/** Values and gradient of Σ r·y of the newest form of an operator in files, computed in the precision. */
async function evaluated(one: OperatorCase, precision: Precision, x: Float32Array) {
  const opset = Math.min(one.until, 23);
  const b = new GraphBuilder();
  const picture = b.input('x', one.dims);
  const seen = b.cast(picture, precision);
  const names = Array.from({ length: one.outputs }, (_, i) => `y${i}`);
  const model = OnnxModel.parse(oneNodeModel({ ...one, opset }));
  const found = [...model.instantiate(b, seen, names, undefined, precision).values()];
  for (const { dtype } of found) expect(dtype, one.op).toBe(precision);
  const wide = found.map((y) => b.cast(y, 'float32'));
  const gauss = normal(random(5));
  const weighted = (y: Value) =>
    b.sum(b.mul(y, b.initializer(float32(y.dims, Array.from({ length: sizeOf(y.dims) }, gauss)))));
  const loss = wide.map(weighted).reduce((sum, part) => b.add(sum, part));
  wide.forEach((y, i) => b.output(y, `out${i}`));
  b.output(gradient(b, loss, [picture])[0]!, 'slope');
  const { slope, ...outputs } = await runtime.evaluate(b.build(), { x });
  return { values: Object.values(outputs).flatMap((y) => [...y]), slope: slope! };
}

/** What 16 bits hold exactly, so that the same are largest, and away from bends. */
function drawn({ dims }: OperatorCase): Float32Array {
  const gauss = normal(random(9));
  const raw = Float32Array.from({ length: sizeOf(dims) }, gauss);
  const order = [...raw.keys()].sort((i, j) => raw[i]! - raw[j]!);
  order.forEach((at, rank) => (raw[at] = (13 + rank) / 32));
  return raw;
}

describe('an operator of a file in 16 bits is the one in 32 bits, rounded', () => {
  it.each([...new Set(CASES.map(({ op }) => op))])('%s', async (op) => {
    expect(SPECIFICATION.has(op)).toBe(true);
    for (const one of CASES.filter((other) => other.op === op)) {
      const x = drawn(one);
      const what = `${op} ${JSON.stringify(one.attributes)}`;
      const [full, half] = [await evaluated(one, 'float32', x), await evaluated(one, 'float16', x)];
      expect(relativeError(half.values, full.values), what).toBeLessThanOrEqual(2e-3);
      expect(relativeError(half.slope, full.slope), `gradient of ${what}`).toBeLessThanOrEqual(
        5e-3,
      );
    }
  });
});
