import { describe, expect, it } from 'vitest';
import { wasmRuntime } from '../../tools/host.ts';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import { float } from '../../web/engine/graph/writer.ts';
import { OnnxModel } from '../../web/engine/onnx/model.ts';
import { serialize } from '../../web/engine/onnx/serialize.ts';
import {
  float32,
  floatToHalf,
  halfToFloat,
  toFloat32,
  type TensorData,
} from '../../web/engine/graph/tensor.ts';
import { planMemory } from '../../web/engine/runtime/memory.ts';

const runtime = wasmRuntime(1);

describe('ONNX files', () => {
  const write = () => {
    const b = new GraphBuilder();
    const x = b.input('x', [1, 2, 4, 4]);
    const kernel = b.initializer(float32([3, 2, 1, 1], [1, 2, 3, 4, 5, 6]), 'kernel');
    const y = b.op('LeakyRelu', [b.conv(x, kernel, null)], { alpha: float(0.5) });
    b.output(y, 'y');
    b.exp(y);
    return b.build();
  };

  it('come back as they were written', async () => {
    const bytes = serialize(write(), {
      metadata: { a: '1', ключ: 'да' },
      openDims: { x: [1, 2, 'h', 'w'] },
    });
    const model = OnnxModel.parse(bytes);
    expect(model.metadata).toEqual({ a: '1', ключ: 'да' });
    expect(model.inputDims).toEqual([1, 2, null, null]);
    const feeds = { x: Float32Array.from({ length: 32 }, (_, i) => i - 16) };
    const b = new GraphBuilder();
    const x = b.input('x', [1, 2, 4, 4]);
    b.output(model.instantiate(b, x, ['y']).get('y')!, 'again');
    const [first, second] = [
      await runtime.evaluate(write(), feeds),
      await runtime.evaluate(b.build(), feeds),
    ];
    expect(second['again']).toEqual(first['y']);
  });

  it('leave out what no output needs', () => {
    expect(write().nodes.map(({ op }) => op)).toEqual(['Conv', 'LeakyRelu', 'Identity']);
  });

  it('are read without copying the weights', () => {
    const bytes = serialize(write());
    const b = new GraphBuilder();
    OnnxModel.parse(bytes).instantiate(b, b.input('x', [1, 2, 4, 4]), ['y']);
    const kernel = b.nodes[0]!.inputs[1]!.data!;
    expect(kernel.bytes.buffer).toBe(bytes.buffer);
    expect(Array.from(toFloat32(kernel))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['a web page', new TextEncoder().encode('<!doctype html><html></html>')],
    ['a truncated file', serialize(write()).subarray(0, 60)],
  ])('are refused when they are %s', (_what, bytes) => {
    expect(() => OnnxModel.parse(bytes)).toThrow(
      expect.objectContaining({ kind: 'invalid-model' }) as Error,
    );
  });

  it('say where a graph does not fit together', () => {
    const b = new GraphBuilder();
    const x = b.input('x', [1, 3, 8, 8]);
    const kernel = b.initializer(float32([2, 4, 1, 1], new Float32Array(8)));
    expect(() => b.conv(x, kernel, null)).toThrow(
      /Conv node "Conv" does not fit its inputs \[1, 3, 8, 8\].*3 channels in, 4 expected/,
    );
    expect(() => b.op('LSTM', [x])).toThrow(/operator LSTM/);
  });
});

describe('half precision', () => {
  it('converts every one of its values exactly, both ways', () => {
    const halves = Uint16Array.from({ length: 65536 }, (_, i) => i).filter(
      (h) => (h & 0x7c00) !== 0x7c00,
    );
    expect(floatToHalf(halfToFloat(halves))).toEqual(halves);
  });

  it('rounds to the nearest, ties to even, and overflows to infinity', () => {
    const rounded = halfToFloat(
      floatToHalf(
        Float32Array.of(1 + 2 ** -11, 1 + 3 * 2 ** -11, 65519, 65520, -1e9, 2 ** -25, NaN),
      ),
    );
    expect(Array.from(rounded)).toEqual([1, 1 + 2 ** -9, 65504, Infinity, -Infinity, 0, NaN]);
  });

  it('reads data that does not lie on its alignment', () => {
    const storage = new Uint8Array(9);
    new DataView(storage.buffer).setFloat32(1, 1.5, true);
    new DataView(storage.buffer).setFloat32(5, -2, true);
    const odd: TensorData = {
      dtype: 'float32',
      dims: [2],
      bytes: Buffer.from(storage.buffer, 1, 8),
    };
    expect(Array.from(toFloat32(odd))).toEqual([1.5, -2]);
  });
});

describe('planMemory()', () => {
  it('counts what is alive at the worst moment', () => {
    const b = new GraphBuilder();
    const x = b.input('x', [100]);
    const [p, q] = [b.exp(x), b.neg(x)];
    b.output(b.sum(b.add(p, q)), 'y');
    const { peakBytes, largestBytes } = planMemory(b.build());
    expect(largestBytes).toBe(400);
    // x, p, q and their sum, besides a few axes.
    expect(peakBytes).toBeGreaterThanOrEqual(1600);
    expect(peakBytes).toBeLessThan(1700);
  });
});
