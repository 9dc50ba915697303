import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { wasmRuntime } from '../../tools/host.ts';
import { operatorsPage, PAGE } from '../../tools/operators.ts';
import { gradient } from '../../web/engine/autodiff/gradient.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import type { Value } from '../../web/engine/graph/graph.ts';
import { float32, sizeOf, toFloat32 } from '../../web/engine/graph/tensor.ts';
import type { AttributeTable } from '../../web/engine/graph/operators/attributes.ts';
import { OnnxModel } from '../../web/engine/onnx/model.ts';
import { attributesOf, LAST_OPSET, SUPPORTED } from '../../web/engine/onnx/support.ts';
import { olderAttributes } from '../../web/engine/onnx/upgrade.ts';
import { normal, random } from '../../web/engine/random.ts';
import { relativeError } from '../support/numbers.ts';
import { oneNodeModel, SPECIFICATION, versionAt, type AttributeValue } from '../support/onnx.ts';
import { operatorCase, scalar, type OperatorCase } from './operators/case.ts';
import { elementwiseCases } from './operators/elementwise.ts';
import { constantCases, shapeCases } from './operators/shapes.ts';
import { windowCases } from './operators/windows.ts';

const runtime = wasmRuntime(1);
const pictureCases = [...elementwiseCases, ...windowCases, ...shapeCases];
const CASES = [...pictureCases, ...constantCases];

/** The first opset of each form of the operator that the case is written for; the runtime knows none before 7. */
function opsetsOf({ op, since, until }: OperatorCase): number[] {
  const forms = SPECIFICATION.get(op)!.filter(({ deprecated }) => !deprecated);
  const first = Math.max(since, Math.min(7, until));
  const later = forms.map((form) => form.since).filter((opset) => opset > first && opset <= until);
  return [first, ...later];
}

const modelOf = (one: OperatorCase, opset: number, attributes = one.attributes) =>
  oneNodeModel({ ...one, opset, attributes });

function drawn({ dims, values }: OperatorCase): Float32Array {
  const uniform = random(3);
  const gauss = normal(uniform);
  const raw = Float32Array.from({ length: sizeOf(dims) }, gauss);
  if (values === 'positive') return raw.map((x) => Math.abs(x) + 0.3);
  if (values === 'wide') return raw.map((x) => 6 * x);
  if (values !== 'distinct') return raw.map((x) => x + Math.sign(x) * 0.1);
  const order = Array.from(raw.keys()).sort((i, j) => raw[i]! - raw[j]!);
  order.forEach((at, rank) => (raw[at] = (rank - raw.length / 2) * 0.1 + 0.02 * uniform()));
  return raw;
}

type Forward = (x: Float32Array) => Promise<number[]>;

/** The file itself, as the runtime reads it: all of its outputs, one after the other. */
async function asWritten(one: OperatorCase, opset: number): Promise<Forward> {
  const session = await ort.InferenceSession.create(modelOf(one, opset));
  const fed = session.inputNames.includes('x');
  return async (x) => {
    const found = await session.run(fed ? { x: new ort.Tensor('float32', x, one.dims) } : {});
    return session.outputNames.flatMap((name) =>
      Array.from(found[name]!.data as Float32Array, Number),
    );
  };
}

function ours(one: OperatorCase, opset: number) {
  const b = new GraphBuilder();
  const x = b.input('x', one.dims);
  const names = Array.from({ length: one.outputs }, (_, i) => `y${i}`);
  const values = OnnxModel.parse(modelOf(one, opset)).instantiate(b, x, names);
  return { b, x, outputs: names.map((name) => values.get(name)!) };
}

/** Central differences of Σ r·y in double precision. */
async function differences(forward: Forward, x: Float32Array, r: Float32Array): Promise<number[]> {
  const h = 2 ** -7;
  const loss = async () => (await forward(x)).reduce((sum, y, i) => sum + y * r[i]!, 0);
  const result: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const at = x[i]!;
    x[i] = at + h;
    const above = await loss();
    x[i] = at - h;
    result.push((above - (await loss())) / (2 * h));
    x[i] = at;
  }
  return result;
}

function weighted(b: GraphBuilder, outputs: readonly Value[], r: Float32Array): Value {
  let start = 0;
  const parts = outputs.map((y) => {
    const own = r.subarray(start, (start += sizeOf(y.dims)));
    return b.sum(b.mul(y, b.initializer(float32(y.dims, own.slice()))));
  });
  return parts.reduce((sum, part) => b.add(sum, part));
}

async function check(one: OperatorCase, opset: number): Promise<void> {
  const what = `${one.op} ${JSON.stringify(one.attributes)} in opset ${opset}`;
  const { b, x, outputs } = ours(one, opset);
  const input = drawn(one);
  const size = outputs.reduce((sum, y) => sum + sizeOf(y.dims), 0);
  const r = Float32Array.from({ length: size }, normal(random(5)));
  outputs.forEach((y, i) => b.output(y, `out${i}`));
  if (one.without !== 'gradient') b.output(gradient(b, weighted(b, outputs, r), [x])[0]!, 'g');
  const program = await runtime.load(b.build(), []);
  const run = async (values: Float32Array) => await (await program.run({ x: values })).read();
  const own: Forward = async (values) => {
    const found = await run(values);
    return outputs.flatMap((_, i) => Array.from(found[`out${i}`]!));
  };
  const forward = one.without === 'runtime' ? own : await asWritten(one, opset);
  expect(relativeError(await own(input), await forward(input)), what).toBeLessThanOrEqual(1e-5);
  if (one.without !== 'gradient') {
    const { g } = await run(input);
    const expected = await differences(forward, input, r);
    expect(relativeError(g!, expected), `gradient of ${what}`).toBeLessThanOrEqual(2e-3);
  }
  program.dispose();
}

const names = (cases: readonly OperatorCase[]) => [...new Set(cases.map(({ op }) => op))];

describe('a file of one operator computes as in the runtime, and its gradient is that of central differences', () => {
  it.each(names(pictureCases))('%s', async (op) => {
    for (const one of pictureCases.filter((other) => other.op === op)) {
      for (const opset of opsetsOf(one)) await check(one, opset);
    }
  });
});

describe('a file of constants is reckoned while it is read', () => {
  it.each(names(constantCases))('%s', async (op) => {
    for (const one of constantCases.filter((other) => other.op === op)) {
      for (const opset of opsetsOf(one)) {
        const { b, outputs } = ours(one, opset);
        expect(b.nodes).toEqual([]);
        if (one.without === 'runtime') continue;
        const found = outputs.flatMap((y) => Array.from(toFloat32(y.data!)));
        const expected = await (await asWritten(one, opset))(drawn(one));
        const what = `${op} ${JSON.stringify(one.attributes)} in opset ${opset}`;
        expect(found.length, what).toBe(expected.length);
        found.forEach((value, i) => expect(value, what).toBeCloseTo(expected[i]!, 5));
      }
    }
  });
});

/** The forms of an operator in files of opset 7 to the last that is read. */
const formsOf = (op: string) =>
  SPECIFICATION.get(op)!.filter(
    ({ deprecated, since }, i, all) =>
      !deprecated && (all[i + 1]?.since ?? 99) > Math.max(since, 7),
  );

const honouredAt = (op: string, opset: number): AttributeTable => ({
  ...attributesOf(op),
  ...olderAttributes(op, opset),
});

const known = (given: OperatorCase['attributes'], form: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(given).filter(([name]) => name in form));

const PAIRS = ['QuantizeLinear'];

describe('the table of operators', () => {
  it.each(SUPPORTED.filter((op) => !PAIRS.includes(op)))(
    '%s: every form and every honoured value has a case',
    (op) => {
      for (const { since, attributes } of formsOf(op)) {
        const opset = Math.max(since, 7);
        const own = CASES.filter(
          (one) => one.op === op && opsetsOf(one).some((at) => versionAt(op, at)!.since === since),
        );
        expect(own.length, `${op} of opset ${opset}`).toBeGreaterThan(0);
        for (const [name, honoured] of Object.entries(honouredAt(op, opset))) {
          if (!(name in attributes)) continue;
          const given = CASES.flatMap((one) =>
            one.op === op ? [one.attributes[name]] : [],
          ).filter((value) => value !== undefined);
          expect(given.length, `${op}: ${name}`).toBeGreaterThan(0);
          if (typeof honoured === 'string') continue;
          for (const value of honoured) expect(given.flat(), `${op}: ${name}`).toContain(value);
        }
      }
    },
  );

  it.each(SUPPORTED)('%s: whatever else the specification allows is refused by name', (op) => {
    for (const { since, attributes } of formsOf(op)) {
      const opset = Math.max(since, 7);
      const table = honouredAt(op, opset);
      const one =
        CASES.find((other) => other.op === op && other.since <= opset && opset <= other.until) ??
        CASES.find((other) => other.op === op) ??
        operatorCase(op, {}, { inputs: ['x', scalar(0.5)] });
      for (const [name, kind] of Object.entries(attributes)) {
        const honoured = table[name];
        if (typeof honoured === 'string') continue;
        const bogus: Record<string, AttributeValue> = {
          int: 77,
          float: 77,
          string: 'another',
          ints: [77],
          floats: [77],
        };
        const value = bogus[kind];
        const given =
          value === undefined
            ? undefined
            : {
                ...one,
                opset,
                attributes: { ...known(one.attributes, attributes), [name]: value },
              };
        if (!given) continue;
        const b = new GraphBuilder();
        const read = () =>
          OnnxModel.parse(oneNodeModel(given)).instantiate(b, b.input('x', one.dims), ['y0']);
        expect(read, `${op} of opset ${opset} with ${name}`).toThrow(
          expect.objectContaining({
            kind: 'unsupported-operator',
            message: expect.stringMatching(new RegExp(`${op}.*${name}`)) as unknown,
          }) as Error,
        );
      }
    }
  });

  it('is what docs/OPERATORS.md says (npm run -s operators writes it)', async () => {
    expect(readFileSync(PAGE, 'utf8')).toBe(await operatorsPage());
  });

  it('every other operator is refused by name', () => {
    for (const op of SPECIFICATION.keys()) {
      if (SUPPORTED.includes(op)) continue;
      const bytes = oneNodeModel({
        op,
        opset: LAST_OPSET,
        inputs: ['x'],
        dims: [1, 3, 4, 4],
        attributes: {},
        outputs: 1,
      });
      const b = new GraphBuilder();
      expect(() =>
        OnnxModel.parse(bytes).instantiate(b, b.input('x', [1, 3, 4, 4]), ['y0']),
      ).toThrow(
        expect.objectContaining({
          kind: 'unsupported-operator',
          message: expect.stringContaining(op) as unknown,
        }) as Error,
      );
    }
  });
});
