/** The same as heap.test.ts where weights are most of it: the heap is largest while the graph is loaded. */
import { expect, it } from 'vitest';
import { grown, TOLERANCE } from '../support/heap.ts';

it('a plan foretells how large the heap grows by weights', async () => {
  const { wasmRuntime } = await import('../../tools/host.ts');
  const { GraphBuilder } = await import('../../web/engine/graph/builder.ts');
  const { float32 } = await import('../../web/engine/graph/tensor.ts');
  const [channels, side] = [512, 32];
  const b = new GraphBuilder();
  let x = b.input('x', [1, channels, side, side]);
  for (let i = 0; i < 4; i++) {
    const kernel = new Float32Array(channels * channels * 9).fill((i + 1) / (channels * 9));
    const weights = b.initializer(float32([channels, channels, 3, 3], kernel));
    x = b.relu(b.op('Conv', [x, weights], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }));
  }
  b.output(b.sum(x), 'y');
  const graph = b.build();
  const runtime = wasmRuntime(1);
  const { peakBytes } = runtime.plan(graph);
  const program = await runtime.load(graph, []);
  await (await program.run({ x: new Float32Array(channels * side * side).fill(1) })).read();
  const ratio = peakBytes / grown();
  expect(ratio).toBeGreaterThan(1 - TOLERANCE);
  expect(ratio).toBeLessThan(1 + TOLERANCE);
  program.dispose();
});
