import { describe, expect, it } from 'vitest';
import { gradient } from '../../web/engine/autodiff/gradient.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import type { Value } from '../../web/engine/graph/graph.ts';
import { float32 } from '../../web/engine/graph/tensor.ts';
import { OPERATORS } from '../../web/engine/graph/operators/index.ts';
import { normal, random } from '../../web/engine/random.ts';
import { wasmRuntime } from '../../tools/host.ts';
import { elementwiseCases } from './operators/elementwise.ts';
import { shapeCases } from './operators/shapes.ts';
import { drawCase, VJP_CASES, type VjpCase } from './vjp-cases.ts';
import { relativeError } from '../support/numbers.ts';

const runtime = wasmRuntime(1);

function graphOf(made: VjpCase) {
  const b = new GraphBuilder();
  const inputs = made.dims.map((dims, i) => b.input(`x${i}`, dims));
  return { b, inputs, output: made.build(b, inputs) };
}

const feedsOf = (inputs: readonly Float32Array[]) =>
  Object.fromEntries(inputs.map((values, i) => [`x${i}`, values]));

/** d(Σ r·y)/dx by central differences, the sum taken in double precision. */
async function centralDifferences(
  made: VjpCase,
  inputs: Float32Array[],
  r: Float32Array,
): Promise<number[][]> {
  const { b, output } = graphOf(made);
  b.output(output, 'y');
  const program = await runtime.load(b.build(), []);
  const loss = async () => {
    const { y } = await (await program.run(feedsOf(inputs))).read();
    return y!.reduce((sum, value, i) => sum + value * r[i]!, 0);
  };
  const h = 2 ** -7;
  const result: number[][] = [];
  for (const values of inputs) {
    const row: number[] = [];
    for (let i = 0; i < values.length; i++) {
      const at = values[i]!;
      values[i] = at + h;
      const above = await loss();
      values[i] = at - h;
      row.push((above - (await loss())) / (2 * h));
      values[i] = at;
    }
    result.push(row);
  }
  program.dispose();
  return result;
}

async function byRules(
  made: VjpCase,
  inputs: Float32Array[],
  r: Float32Array,
): Promise<Float32Array[]> {
  const { b, inputs: values, output } = graphOf(made);
  const weighted = b.mul(output, b.initializer(float32(output.dims, r)));
  gradient(b, b.sum(weighted), values).forEach((g, i) => b.output(g, `g${i}`));
  const found = await runtime.evaluate(b.build(), feedsOf(inputs));
  return values.map((_, i) => found[`g${i}`]!);
}

describe('rules of differentiation against central differences', () => {
  it.each(Object.keys(VJP_CASES))('%s', async (name) => {
    for (const seed of [1, 2, 3]) {
      const made = drawCase(name, seed * 7919);
      const { output } = graphOf(made);
      const size = output.dims.reduce((a, b) => a * b, 1);
      const r = Float32Array.from({ length: size }, normal(random(seed)));
      const expected = (await centralDifferences(made, made.inputs, r)).flat();
      const found = (await byRules(made, made.inputs, r)).flatMap((g) => Array.from(g));
      expect(relativeError(found, expected)).toBeLessThanOrEqual(1e-3);
    }
  });

  it('has a case for every rule in the table', () => {
    const covered = new Set<string>();
    for (const name of Object.keys(VJP_CASES)) {
      for (const node of graphOf(drawCase(name, 1)).b.nodes) covered.add(node.op);
    }
    // operators.test.ts differentiates these in every form that files have.
    for (const { op } of [...elementwiseCases, ...shapeCases]) covered.add(op);
    const rules = Object.keys(OPERATORS).filter((op) => OPERATORS[op]!.vjp);
    expect(rules.filter((op) => !covered.has(op))).toEqual([]);
  });
});

describe('gradient()', () => {
  it('adds up the cotangents of a value that is used twice', async () => {
    const b = new GraphBuilder();
    const x = b.input('x', [2]);
    const [g] = gradient(b, b.sum(b.add(b.mul(x, 3), b.square(x))), [x]);
    b.output(g!, 'g');
    const { g: values } = await runtime.evaluate(b.build(), { x: Float32Array.of(1, -2) });
    expect(Array.from(values!)).toEqual([5, -1]);
  });

  it('is zero where the loss does not depend on the value', async () => {
    const b = new GraphBuilder();
    const [x, y] = [b.input('x', [2]), b.input('y', [3])];
    const [, gy] = gradient(b, b.sum(x), [x, y]);
    b.output(b.add(gy!, b.mul(b.sum(x), 0)), 'g');
    b.output(y, 'unused');
    const { g } = await runtime.evaluate(b.build(), {
      x: new Float32Array(2),
      y: new Float32Array(3),
    });
    expect(Array.from(g!)).toEqual([0, 0, 0]);
  });

  it.each([
    [2, 3, [6, 4, 26]],
    [0, 1, [1, 2, 7]],
    [1, 0, [3, 3, 4]],
    [2, 1, [6, 9]],
    [2, 1, [10]],
  ])(
    'gives the ends of an edge repeated %i and %i times what all copies received: %j',
    async (before, after, wanted) => {
      const b = new GraphBuilder();
      const x = b.input('x', [1, wanted.length]);
      const y = b.pad(x, [0, before, 0, after], 'edge');
      // 1, 2, 3 and on.
      const received = float32(
        y.dims,
        Float32Array.from({ length: y.dims[1]! }, (_, i) => i + 1),
      );
      b.output(gradient(b, b.sum(b.mul(y, b.initializer(received))), [x])[0]!, 'g');
      const graph = b.build();
      const { g } = await runtime.evaluate(graph, { x: new Float32Array(wanted.length) });
      expect([...g!]).toEqual(wanted);
      // A product with a matrix as large as the picture's side would come to cost more than the network.
      expect(graph.nodes.map(({ op }) => op)).not.toContain('MatMul');
    },
  );

  it('takes the first of equal maxima, as PyTorch does', async () => {
    const b = new GraphBuilder();
    const x = b.input('x', [1, 1, 2, 2]);
    const [g] = gradient(b, b.sum(b.maxPool(x, { kernel: [2, 2] })), [x]);
    b.output(g!, 'g');
    const { g: values } = await runtime.evaluate(b.build(), { x: Float32Array.of(1, 5, 5, 5) });
    expect(Array.from(values!)).toEqual([0, 1, 0, 0]);
  });

  it('names the operator, the node and the rules there are when one is missing', () => {
    const b = new GraphBuilder();
    const x: Value = b.input('x', [2]);
    const node = b.nodeOf('Floor', [x], {}, { name: 'steps' });
    expect(() => gradient(b, b.sum(node.outputs[0]!), [x])).toThrow(/Floor.*steps/);
    try {
      gradient(b, b.sum(node.outputs[0]!), [x]);
    } catch (error) {
      expect((error as { advice: string }).advice).toContain('Conv');
    }
  });

  it('refuses a loss that is not a scalar', () => {
    const b = new GraphBuilder();
    const x = b.input('x', [2]);
    expect(() => gradient(b, x, [x])).toThrow(/scalar/);
  });
});
