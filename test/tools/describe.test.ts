import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe as group, expect, it } from 'vitest';
import { bytesInOnePiece, heapBytes, MEMORY_BUDGETS } from '../../shared/memory.ts';
import { makeSettings } from '../../shared/settings.ts';
import { stepGraph } from '../../tools/bench/plan.ts';
import { MODELS_DIR } from '../../tools/cli.ts';
import { describe } from '../../tools/describe.ts';
import { wasmRuntime } from '../../tools/host.ts';
import { openNetwork, readManifest } from '../../tools/library.ts';
import { lower } from '../../web/engine/lowering/index.ts';
import { chooseLayers } from '../../web/engine/pipeline/layers.ts';
import { planMemory } from '../../web/engine/runtime/memory.ts';

const GPU = { backend: 'webgpu' } as const;

group('what the manifest says of a model', async () => {
  const { models } = await readManifest(MODELS_DIR);

  it.each(models.map((entry) => [entry.id, entry] as const))('is true of %s', async (_, entry) => {
    const file = await readFile(join(MODELS_DIR, entry.file));
    const { layers, least, cost } = describe(entry.kind ?? 'features', file);
    expect({ layers: entry.layers, least: entry.least, cost: entry.cost }).toEqual({
      layers,
      least,
      cost,
    });
  });

  it('counts what a step over the default layers takes', () => {
    const lite = models.find(({ id }) => id === 'lite-vgg')!;
    expect(lite.layers?.all).toEqual(expect.arrayContaining(lite.layers!.style));
    // By Gram matrices 3.2 GFLOP at 128 px (README); the default's directions take a little more.
    // As by Gram matrices (README): 3.2 GFLOP at 128 px.
    expect((lite.cost!.flops * 128 * 128) / 1e9).toBeCloseTo(3.2, 1);
    // More than the activations of the first block alone, less than every value of the graph at once.
    expect(lite.cost!.bytes).toBeGreaterThan(4 * 64 * 2);
    expect(lite.cost!.bytes).toBeLessThan(4 * 64 * 60);
  });

  it.each(models.filter(({ kind = 'features' }) => kind === 'features').map(({ id }) => id))(
    'foretells the memory of %s as the engine plans it',
    async (id) => {
      const { cost } = models.find((entry) => entry.id === id)!;
      const network = await openNetwork(MODELS_DIR, id);
      const settings = makeSettings('default', { size: 256 });
      const graph = stepGraph(network, chooseLayers(network, settings), settings);
      const on = { wasm: wasmRuntime(2).plan(graph), webgpu: planMemory(lower(graph, GPU)) };
      for (const backend of ['wasm', 'webgpu'] as const) {
        const ratio = bytesInOnePiece(backend, cost!, 256 ** 2) / on[backend].peakBytes;
        expect(Math.abs(ratio - 1), `${backend} ${ratio}`).toBeLessThan(0.15);
      }
    },
  );

  it('foretells what constants take while a wasm heap loads them, and that there is no room for speed', () => {
    const cost = {
      flops: 1,
      bytes: 1000,
      fixedBytes: 1e8,
      wasm: { bytes: 2000, fixedBytes: 5e8, madeBytes: 4e8 },
    };
    expect(bytesInOnePiece('webgpu', cost, 1e4, 7)).toBe(1e8 + 1e7 + 7);
    expect(bytesInOnePiece('wasm', cost, 1e4)).toBe(heapBytes(5e8 + 2e7, 4e8));
    expect(bytesInOnePiece('wasm', cost, 1e4)).toBeGreaterThan(1.4e9);
    const large = 9e5;
    expect(heapBytes(5e8 + 2000 * large, 4e8)).toBeGreaterThan(MEMORY_BUDGETS.wasm.whole);
    expect(bytesInOnePiece('wasm', cost, large, 8)).toBe(heapBytes(1e8 + 1000 * large + 8));
    const { wasm: _, ...older } = cost;
    expect(bytesInOnePiece('wasm', older, 1e4)).toBe(heapBytes(1e8 + 1e7));
  });
});
