import { describe, expect, it } from 'vitest';
import { wasmRuntime } from '../../tools/host.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import { OnnxModel } from '../../web/engine/onnx/model.ts';
import { reachesOf, type Reach } from '../../web/engine/pipeline/receptive.ts';
import { oneNodeModel } from '../support/onnx.ts';
import { constant, floats, ints, operatorCase, type OperatorCase } from './operators/case.ts';
import { elementwiseCases } from './operators/elementwise.ts';
import { shapeCases } from './operators/shapes.ts';
import { windowCases } from './operators/windows.ts';

const runtime = wasmRuntime(1);

/** What looks along the picture, or at all of it: none of these may be taken for pointwise. */
const FAR = [
  ...[2, 3, -1, -2].map((axis) => operatorCase('Concat', { axis }, { inputs: ['x', 'x'] })),
  operatorCase('Slice', {}, { inputs: ['x', ints(-1), ints(-99), ints(2), ints(-1)], since: 10 }),
  operatorCase('Gather', { axis: 3 }, { inputs: ['x', ints(2, 1, 0)] }),
  operatorCase('Pad', { mode: 'wrap' }, { inputs: ['x', ints(0, 0, 1, 1, 0, 0, 1, 1)], since: 19 }),
  operatorCase('Softmax', { axis: 3 }, { since: 13 }),
  operatorCase('ReduceMean', {}, { inputs: ['x', ints(1, 2)], since: 18 }),
  operatorCase('ReduceMax', {}, { inputs: ['x'], since: 18 }),
  operatorCase('GlobalAveragePool'),
  operatorCase('InstanceNormalization', {}, { inputs: ['x', constant(4), constant(4)] }),
  operatorCase('Transpose', { perm: [0, 1, 3, 2] }),
  operatorCase('Add', {}, { inputs: ['x', constant(1, 4, 3, 3)], since: 7 }),
  operatorCase('Resize', {}, { inputs: ['x', floats(), floats(1, 1, 2, 2)], since: 11 }),
];

/** What looks along channels alone: each place sees its own place. */
const STILL = [
  operatorCase('Concat', { axis: -3 }, { inputs: ['x', 'x'], since: 11 }),
  operatorCase('Softmax', { axis: 1 }, { since: 13 }),
  operatorCase('ReduceMean', {}, { inputs: ['x', ints(1)], since: 18 }),
  operatorCase('Slice', {}, { inputs: ['x', ints(1), ints(3), ints(1)], since: 10 }),
  operatorCase('LRN', { size: 3 }),
  operatorCase('Gelu', {}, { since: 20 }),
];

function read(one: OperatorCase) {
  const b = new GraphBuilder();
  const x = b.input('x', one.dims);
  const model = oneNodeModel({ ...one, opset: Math.max(one.since, Math.min(one.until, 18)) });
  const y = OnnxModel.parse(model).instantiate(b, x, ['y0']).get('y0')!;
  const reaches = () => reachesOf({ inputs: [x], nodes: b.nodes }).get(y)!;
  return { b, y, reaches };
}

/** Places of `y` along an axis that change when a line of the picture across that axis does. */
async function seen(one: OperatorCase, axis: 2 | 3): Promise<Set<number>[]> {
  const { b, y } = read(one);
  b.output(y, 'y');
  const program = await runtime.load(b.build(), []);
  const [, , height, width] = one.dims as [number, number, number, number];
  const values = Float32Array.from(
    { length: one.dims.reduce((a, d) => a * d) },
    (_, i) => 0.5 + ((i * 37) % 101) / 101,
  );
  const run = async (x: Float32Array) => (await (await program.run({ x })).read())['y']!;
  const before = await run(values);
  const lines = Array.from({ length: axis === 2 ? height : width }, (_, i) => i);
  const inner = y.dims.slice(axis + 1).reduce((a, d) => a * d, 1);
  const found: Set<number>[] = [];
  for (const line of lines) {
    const at = (i: number) => (axis === 2 ? Math.floor(i / width) % height : i % width);
    const after = await run(values.map((value, i) => (at(i) === line ? value + 9 : value)));
    const changed = new Set<number>();
    after.forEach((value, i) => {
      if (value !== before[i]) changed.add(Math.floor(i / inner) % y.dims[axis]!);
    });
    found.push(changed);
  }
  program.dispose();
  return found;
}

const covers = ({ stride, low, high }: Reach, place: number, line: number) =>
  stride * place + low <= line && line <= stride * place + high;

// A picture that is mirrored at its edge is so within the window that holds that edge.
const pictures = [...elementwiseCases, ...windowCases, ...shapeCases].filter(
  ({ op, dims, attributes }) =>
    dims.length === 4 &&
    !(op === 'Pad' && ['reflect', 'edge'].includes(attributes['mode'] as string)),
);
const names = [...new Set(pictures.map(({ op }) => op))];

describe('how far an operator is said to see', () => {
  it.each(names)('%s: as far as it does, or it is refused by name', async (op) => {
    for (const one of [...pictures, ...STILL].filter((other) => other.op === op)) {
      let reaches;
      try {
        reaches = read(one).reaches();
      } catch (error) {
        expect(error).toMatchObject({ kind: 'unsupported-operator' });
        continue;
      }
      for (const axis of [2, 3] as const) {
        const reach = reaches[axis - 2]!;
        (await seen(one, axis)).forEach((places, line) => {
          for (const place of places) {
            const what = `${op} ${JSON.stringify(one.attributes)}: ${place} sees ${line}`;
            expect(covers(reach, place, line), what).toBe(true);
          }
        });
      }
    }
  });

  it.each(FAR.map((one) => [`${one.op} ${JSON.stringify(one.attributes)}`, one] as const))(
    '%s looks beyond its place, and is refused',
    (_, one) => {
      expect(() => read(one).reaches()).toThrow(/cannot be cut into tiles/);
    },
  );

  it.each(STILL.map((one) => [`${one.op} ${JSON.stringify(one.attributes)}`, one] as const))(
    '%s looks along channels alone',
    (_, one) => {
      const still = { stride: 1, low: 0, high: 0, spread: 0 };
      expect(read(one).reaches()).toEqual([still, still]);
    },
  );
});
