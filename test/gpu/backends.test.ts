/** What the product computes on WebGPU, beside WebAssembly; minutes of work where the processor plays the GPU. */
import { describe, expect, it } from 'vitest';
import type { StepLosses } from '../../web/worker/contract.ts';
import { useHarness, type Ran } from '../browser/kit/harness.ts';

/** Largest relative difference between the backends; both count in 32 bits, in another order. */
const PARITY = 2e-3;
/** Bytes on the device, of which the picture in one piece takes several times as many. */
const BUDGET = 8e5;

interface Gradient {
  readonly total: number;
  readonly gradient: readonly number[];
  readonly sessions: number;
  readonly buffers: number;
}

interface Painted {
  readonly image: readonly number[];
  readonly losses: readonly StepLosses[];
}

interface Cut {
  readonly whole: Painted;
  readonly cut: Painted;
  readonly tiles: number;
  readonly sessions: number;
  readonly buffers: number;
}

const { call } = useHarness();

describe('WebGPU', () => {
  it('paints the same as WebAssembly, and gives everything back', async () => {
    const options = { size: 40, steps: 4 };
    const cpu = await call<Ran>('run', { ...options, wish: 'wasm' });
    const gpu = await call<Ran>('run', { ...options, wish: 'webgpu' });
    expect(gpu.error).toBeUndefined();
    expect(gpu.capabilities.backend).toBe('webgpu');
    expect(gpu.losses.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    for (const [i, { total, content, style }] of gpu.losses.entries()) {
      const there = cpu.losses[i]!;
      expect(Math.abs(total / there.total - 1)).toBeLessThanOrEqual(PARITY);
      expect(Math.abs(style / there.style - 1)).toBeLessThanOrEqual(PARITY);
      expect(Math.abs(content - there.content)).toBeLessThanOrEqual(PARITY * there.total);
    }
    expect(cpu.seen.reports).toEqual(['backend', 'download', 'progress']);
    // By now the model is on this device.
    expect(gpu.seen).toMatchObject({ reports: ['backend', 'progress'], lastStep: 4 });
    expect(gpu.seen.previews).toBeGreaterThan(0);
    for (const { counters } of [cpu, gpu])
      expect(counters).toMatchObject({ sessions: 0, buffers: 0 });
  });

  it.each([
    ['of the whole picture', false],
    ['of a region', true],
  ])('computes the same image gradient as WebAssembly: %s', async (_what, masked) => {
    const cpu = await call<Gradient>('gradient', { wish: 'wasm', size: 32, masked });
    const gpu = await call<Gradient>('gradient', { wish: 'webgpu', size: 32, masked });
    const norm = Math.hypot(...cpu.gradient);
    const apart = Math.hypot(...cpu.gradient.map((value, i) => value - gpu.gradient[i]!));
    expect(norm).toBeGreaterThan(0);
    expect(apart / norm).toBeLessThanOrEqual(PARITY);
    expect(Math.abs(gpu.total / cpu.total - 1)).toBeLessThanOrEqual(PARITY);
    expect(gpu).toMatchObject({ sessions: 0, buffers: 0 });
  });

  it.each([
    ['everywhere', {}],
    ['where a mask says so', { masked: true }],
  ])('paints by tiles what it paints in one piece: %s', async (_where, options) => {
    const { whole, cut, tiles, ...left } = await call<Cut>('tiled', {
      ...{ wish: 'webgpu', size: 96, steps: 3, budget: BUDGET, ...options },
    });
    expect(tiles).toBeGreaterThanOrEqual(4);
    expect(cut.losses).toHaveLength(3);
    cut.losses.forEach(({ total }, i) =>
      expect(Math.abs(total / whole.losses[i]!.total - 1)).toBeLessThanOrEqual(1e-4),
    );
    const apart = cut.image.filter((byte, i) => Math.abs(byte - whole.image[i]!) > 2);
    expect(apart.length).toBeLessThan(1e-3 * whole.image.length);
    expect(left).toEqual({ sessions: 0, buffers: 0 });
  });
});
