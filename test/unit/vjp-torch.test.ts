import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { wasmRuntime } from '../../tools/host.ts';
import { gradient } from '../../web/engine/autodiff/gradient.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import { float, type AttributeInput } from '../../web/engine/graph/writer.ts';
import type { Value } from '../../web/engine/graph/graph.ts';
import { float32 } from '../../web/engine/graph/tensor.ts';
import { relativeError } from '../support/numbers.ts';

interface TensorFigures {
  readonly dims: number[];
  readonly data?: number[];
  readonly ints?: number[];
  readonly grad?: boolean;
}

interface Case {
  readonly name: string;
  readonly op: string;
  readonly attributes: Record<string, number | string | number[] | { readonly float: number }>;
  readonly inputs: (TensorFigures | null)[];
  readonly output: TensorFigures;
  readonly dy: number[];
  readonly grads: number[][];
}

// Made by test/fixtures/vjp/make.py with PyTorch, in double precision.
const cases = JSON.parse(
  readFileSync(new URL('../fixtures/vjp/cases.json', import.meta.url), 'utf8'),
) as Case[];

const runtime = wasmRuntime(1);

function attribute(value: Case['attributes'][string]): AttributeInput {
  return typeof value === 'object' && 'float' in value ? float(value.float) : value;
}

describe("rules of differentiation against PyTorch's autograd", () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    const b = new GraphBuilder();
    const feeds: Record<string, Float32Array> = {};
    const wrt: Value[] = [];
    const inputs = one.inputs.map((figures, i) => {
      if (!figures) return null;
      if (figures.ints) return b.ints(figures.ints);
      if (!figures.grad) return b.initializer(float32(figures.dims, figures.data!));
      const value = b.input(`x${i}`, figures.dims);
      feeds[`x${i}`] = Float32Array.from(figures.data!);
      wrt.push(value);
      return value;
    });
    const attributes = Object.entries(one.attributes).map(
      ([name, value]) => [name, attribute(value)] as const,
    );
    const y = b.op(one.op, inputs, Object.fromEntries(attributes));
    expect(y.dims).toEqual(one.output.dims);
    const loss = b.sum(b.mul(y, b.initializer(float32(y.dims, one.dy))));
    gradient(b, loss, wrt).forEach((g, i) => b.output(g, `g${i}`));
    b.output(y, 'y');
    const found = await runtime.evaluate(b.build(), feeds);
    expect(relativeError(found['y']!, one.output.data!)).toBeLessThanOrEqual(1e-5);
    one.grads.forEach((expected, i) => {
      expect(relativeError(found[`g${i}`]!, expected)).toBeLessThanOrEqual(1e-5);
    });
  });
});
