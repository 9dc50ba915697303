import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe as group, expect, it } from 'vitest';
import { MODELS_DIR } from '../../tools/cli.ts';
import { describe } from '../../tools/describe.ts';
import { readManifest } from '../../tools/library.ts';

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
    expect((lite.cost!.flops * 128 * 128) / 1e9).toBeCloseTo(3.25, 1);
    // More than the activations of the first block alone, less than every value of the graph at once.
    expect(lite.cost!.bytes).toBeGreaterThan(4 * 64 * 2);
    expect(lite.cost!.bytes).toBeLessThan(4 * 64 * 60);
  });
});
