import { describe, expect, it } from 'vitest';
import { wasmRuntime } from '../../tools/host.ts';
import { gradient } from '../../web/engine/autodiff/gradient.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import { intsAttribute, type Graph, type Value } from '../../web/engine/graph/graph.ts';
import { float32, sizeOf, toFloat32 } from '../../web/engine/graph/tensor.ts';
import { legalised, lower, passesFor } from '../../web/engine/lowering/index.ts';
import { planMemory } from '../../web/engine/runtime/memory.ts';
import { random } from '../../web/engine/random.ts';
import { relativeError } from '../support/numbers.ts';

const next = random(7);
const noise = (dims: readonly number[], scale = 1) =>
  float32(
    dims,
    Float32Array.from({ length: sizeOf(dims) }, () => scale * (next() - 0.5)),
  );

type Pad = 'zero' | 'edge' | 'none';

/** 3 x 3 convolution with a bias, and ReLU. */
function layer(b: GraphBuilder, x: Value, out: number, pad: Pad): Value {
  const from = x.dims[1]!;
  const padded = pad === 'edge' ? b.pad(x, [0, 0, 1, 1, 0, 0, 1, 1], 'edge') : x;
  const kernel = b.initializer(noise([out, from, 3, 3], 2 / Math.sqrt(from)));
  const pads = pad === 'zero' ? [1, 1, 1, 1] : [0, 0, 0, 0];
  return b.relu(b.conv(padded, kernel, b.initializer(noise([out], 0.2)), { pads }));
}

/** A small network with Gram and content losses, and its gradient: all forms that a step has. */
function step(height: number, width: number, pad: Pad): Graph {
  const b = new GraphBuilder();
  const x = b.input('x', [1, 3, height, width]);
  const first = layer(b, x, 16, pad);
  const second = layer(b, first, 24, pad);
  const pooled = b.maxPool(second, { kernel: [2, 2] });
  const third = layer(b, pooled, 32, pad);
  const thin = b.conv(third, b.initializer(noise([16, 32, 1, 1])), b.initializer(noise([16])));
  const last = layer(b, b.relu(thin), 20, pad);
  const losses = [first, third, last].map((tap) => {
    const f = b.reshape(tap, [tap.dims[1]!, tap.dims[2]! * tap.dims[3]!]);
    const gram = b.mul(b.matMul(f, b.transposeLast(f)), 1 / f.dims[1]!);
    return b.mean(b.square(gram));
  });
  losses.push(b.mean(b.square(b.sub(last, b.initializer(noise(last.dims))))));
  const loss = losses.reduce((sum, part) => b.add(sum, part));
  b.output(loss, 'loss');
  b.output(last, 'last');
  b.output(gradient(b, loss, [x])[0]!, 'gradient');
  return b.build();
}

const [fast, plain] = [wasmRuntime(1), wasmRuntime(1, { plain: true })];

const noiseOf = ({ dims }: Value) => toFloat32(noise(dims, 2)).slice();

async function both(graph: Graph) {
  const feeds = { x: noiseOf(graph.inputs[0]!) };
  return [await fast.evaluate(graph, feeds), await plain.evaluate(graph, feeds)] as const;
}

describe('lowering', () => {
  for (const pad of ['zero', 'edge', 'none'] as const) {
    for (const [height, width] of [
      [32, 48],
      [37, 51],
      [34, 35],
      [26, 40],
    ] as const) {
      it(`changes no value of a step: ${height} x ${width}, padding ${pad}`, async () => {
        const graph = step(height, width, pad);
        const [lowered, wanted] = await both(graph);
        for (const name of ['loss', 'last', 'gradient']) {
          expect(relativeError(lowered[name]!, [...wanted[name]!]), name).toBeLessThan(2e-5);
        }
      });
    }
  }

  // What WebGPU gets, on the backend that is here.
  for (const { name, run } of passesFor({ backend: 'webgpu' })) {
    it.each([
      [64, 96],
      [37, 51],
    ])(`${name}: changes no value of a step, %i x %i`, async (height, width) => {
      const graph = step(height, width, 'zero');
      const feeds = { x: noiseOf(graph.inputs[0]!) };
      const [lowered, wanted] = [
        await plain.evaluate(legalised(run(graph)), feeds),
        await plain.evaluate(graph, feeds),
      ];
      expect(run(graph).nodes.map(({ op }) => op)).not.toEqual(graph.nodes.map(({ op }) => op));
      for (const output of ['loss', 'last', 'gradient']) {
        expect(relativeError(lowered[output]!, [...wanted[output]!]), output).toBeLessThan(2e-6);
      }
    });
  }

  it.each([
    ['an inner product', 1, 1, 6144],
    ['products of few rows', 3, 5, 8192],
    ['a length that hardly divides', 2, 2, 11 * 1009],
  ])('cuts long sums and moves nothing: %s', async (_what, p, q, n) => {
    const b = new GraphBuilder();
    const [left, right] = [b.input('left', [p, n]), b.input('right', [q, n])];
    b.output(b.op('Gemm', [left, right], { transB: 1 }), 'products');
    const graph = b.build();
    const feeds = { left: noiseOf(left), right: toFloat32(noise(right.dims, 3)).slice() };
    const cut = lower(graph, { backend: 'webgpu' });
    expect(cut.nodes.filter(({ op }) => op === 'Gemm')[0]!.inputs[0]!.dims[0]).toBeGreaterThan(p);
    expect(cut.nodes.map(({ op }) => op)).not.toContain('Transpose');
    const [found, wanted] = [await plain.evaluate(cut, feeds), await plain.evaluate(graph, feeds)];
    expect(relativeError(found['products']!, [...wanted['products']!])).toBeLessThan(1e-5);
  });

  it('lets the places of a flat window share what the window received, and none of a window below zero', async () => {
    const b = new GraphBuilder();
    const x = b.input('x', [1, 1, 2, 6]);
    const pooled = b.maxPool(b.relu(x), { kernel: [2, 2] });
    b.output(gradient(b, b.sum(b.mul(pooled, 12)), [x])[0]!, 'gradient');
    const feeds = { x: Float32Array.of(3, 3, 1, 5, -1, 0, 3, 3, 5, 5, 0, -2) };
    const lowered = legalised(
      passesFor({ backend: 'webgpu' }).reduce((graph, { run }) => run(graph), b.build()),
    );
    const { gradient: found } = await plain.evaluate(lowered, feeds);
    expect([...found!]).toEqual([3, 3, 0, 4, 0, 0, 3, 3, 4, 4, 0, 0]);
    // The ReLU's own gradient has nothing left to do.
    expect(lowered.nodes.map(({ op }) => op)).not.toContain('Greater');
  });

  it.each<[string, number[], number[] | null, number[]?]>([
    ['at the ends', [0, 0, 0, 0, 0, 0, 1, 2], null],
    ['all around', [0, 0, 2, 1, 0, 0, 1, 1], null],
    ['along named axes', [0, 0, 1, 2], [3, 2]],
    ['its own, at the ends', [0, 0, 0, 0, 0, 0, 0, 0], null, [0, 0, 1, 2]],
    ['its own beside', [0, 0, 0, 0, 0, 0, 1, 2], null, [0, 1, 1, 0]],
  ])('pads no 1 x 1 convolution on WebGPU: %s', async (_where, pads, axes, own) => {
    const b = new GraphBuilder();
    const x = b.input('x', [1, 3, 6, 5]);
    const kernel = b.initializer(noise([4, 3, 1, 1]));
    const along = axes ? [null, b.ints(axes)] : [];
    const padded = b.op('Pad', [x, b.ints(pads), ...along]);
    const before = pads.some((pad) => pad > 0) ? padded : x;
    b.output(b.conv(before, kernel, b.initializer(noise([4])), own && { pads: own }), 'y');
    const graph = b.build();
    for (const plainly of [false, true]) {
      const lowered = lower(graph, { backend: 'webgpu', plain: plainly });
      expect(lowered.nodes.map(({ op }) => op)).not.toContain('Pad');
      const conv = lowered.nodes.find(({ op }) => op === 'Conv')!;
      expect(intsAttribute(conv.attributes, 'pads', []).some((pad) => pad > 0)).toBe(false);
      const feeds = { x: noiseOf(graph.inputs[0]!) };
      const [found, wanted] = [lowered, graph].map((one) => plain.evaluate(one, feeds));
      expect((await found!)['y']).toEqual((await wanted!)['y']);
    }
  });

  it('counts transformed kernels as memory for as long as the graph is there', () => {
    const b = new GraphBuilder();
    const x = b.input('x', [1, 32, 32, 32]);
    b.output(layer(b, layer(b, x, 32, 'zero'), 32, 'zero'), 'y');
    const kernels = 2 * 36 * 32 * 32 * 4;
    const tensors = 2 * 36 * 32 * 64 * 4;
    const { peakBytes } = planMemory(lower(b.build(), { backend: 'wasm' }));
    expect(peakBytes).toBeGreaterThan(kernels + tensors);
  });

  it('adds up as exactly in tiles as in rows, however many there are', async () => {
    const b = new GraphBuilder();
    const x = b.input('x', [1, 16, 256, 256]);
    const y = layer(b, x, 16, 'edge');
    b.output(b.reduceSum(b.reduceSum(y, [3]), [2]), 'sum');
    const graph = b.build();
    // Alike everywhere: then what rounding takes is always of one sign.
    const feeds = { x: new Float32Array(16 * 256 * 256).fill(0.7) };
    const [lowered, wanted] = [fast, plain].map((runtime) => runtime.evaluate(graph, feeds));
    expect((await lowered!)['sum']!.some((sum) => sum > 1e4)).toBe(true);
    expect(relativeError((await lowered!)['sum']!, [...(await wanted!)['sum']!])).toBeLessThan(
      5e-6,
    );
  });

  it('leaves no convolution of a chain on wasm', () => {
    const { nodes } = lower(step(32, 32, 'zero'), { backend: 'wasm' });
    expect(nodes.filter(({ op }) => op === 'Conv')).toEqual([]);
  });

  it('leaves a thin convolution to Conv where threads share it, but for one among wide ones', () => {
    const convolutions = (threads: number, ...widths: number[]) => {
      const b = new GraphBuilder();
      const x = b.input('x', [1, widths[0]!, 32, 32]);
      b.output(
        widths.reduce((y, width) => layer(b, y, width, 'zero'), x),
        'y',
      );
      const { nodes } = lower(b.build(), { backend: 'wasm', threads });
      return nodes.filter(({ op }) => op === 'Conv').length;
    };
    expect([convolutions(1, 24), convolutions(2, 24), convolutions(2, 48)]).toEqual([0, 1, 0]);
    expect(convolutions(2, 48, 20, 48)).toBe(0);
  });
});
