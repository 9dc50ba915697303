import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { wasmRuntime } from '../../tools/host.ts';
import { gradient } from '../../web/engine/autodiff/gradient.ts';
import { FeatureNetwork } from '../../web/engine/networks/network.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import { float32 } from '../../web/engine/graph/tensor.ts';
import { relativeError } from '../support/numbers.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`../fixtures/foreign/${name}`, import.meta.url));

interface ForeignFigures {
  readonly size: number;
  readonly x: number[];
  readonly y: number[];
  readonly dy: number[];
  readonly gradient: number[];
}

// Exported by PyTorch; made by test/fixtures/foreign/make.py.
const figures = JSON.parse(fixture('figures.json').toString()) as ForeignFigures;

describe('an ONNX file that none of our builders made', () => {
  it('computes and differentiates as in PyTorch', async () => {
    const network = FeatureNetwork.parse(fixture('net.onnx'));
    const b = new GraphBuilder();
    const x = b.input('x', [1, 3, figures.size, figures.size]);
    const y = network.tap(b, x, ['shares']).get('shares')!;
    const loss = b.sum(b.mul(y, b.initializer(float32(y.dims, figures.dy))));
    b.output(gradient(b, loss, [x])[0]!, 'gradient');
    b.output(y, 'y');
    const found = await wasmRuntime(1).evaluate(b.build(), { x: Float32Array.from(figures.x) });
    expect(relativeError(found['y']!, figures.y)).toBeLessThanOrEqual(1e-5);
    expect(relativeError(found['gradient']!, figures.gradient)).toBeLessThanOrEqual(1e-5);
  });

  it('offers every value as a tap, and says which there are when one is not', () => {
    const network = FeatureNetwork.parse(fixture('net.onnx'));
    expect(network.taps).toContain('shares');
    const b = new GraphBuilder();
    const x = b.input('x', [1, 3, 32, 32]);
    expect(() => network.tap(b, x, ['relu1_1'])).toThrow(/no layer "relu1_1"/);
  });
});
