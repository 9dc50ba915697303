/** What the planner says of a wasm heap, beside the heap: it never shrinks, so that there is one run to a process. */
import { expect, it } from 'vitest';
import { grown, TOLERANCE } from '../support/heap.ts';

it('a plan foretells how large the heap grows', async () => {
  // After the above, as the runtime asks for its memory when it is imported.
  const { MODELS_DIR } = await import('../../tools/cli.ts');
  const { wasmRuntime } = await import('../../tools/host.ts');
  const { openNetwork } = await import('../../tools/library.ts');
  const { makeSettings } = await import('../../shared/settings.ts');
  const { stylize } = await import('../../web/engine/pipeline/stylize.ts');
  const { picture } = await import('../support/scenes.ts');
  const runtime = wasmRuntime(1);
  const planned: number[] = [];
  const plan = runtime.plan.bind(runtime);
  runtime.plan = (...graphs) => {
    const made = plan(...graphs);
    planned.push(made.peakBytes);
    return made;
  };
  const { finished } = await stylize(runtime, {
    content: picture(256, 192, 1),
    styles: [{ pixels: picture(256, 192, 2), weight: 1 }],
    network: await openNetwork(MODELS_DIR, 'lite-vgg'),
    settings: makeSettings('default', { size: 256, steps: 2, scales: 1, init: 'content' }),
  });
  expect(finished).toBe(true);
  // In one piece.
  expect(planned).toHaveLength(1);
  const ratio = planned[0]! / grown();
  expect(ratio).toBeGreaterThan(1 - TOLERANCE);
  expect(ratio).toBeLessThan(1 + TOLERANCE);
});
