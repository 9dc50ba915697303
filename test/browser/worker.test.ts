import { describe, expect, it } from 'vitest';
import type { Capabilities, Counters, StepLosses } from '../../web/worker/contract.ts';
import { useHarness, type Ran } from './kit/harness.ts';

const harness = useHarness();
const { call } = harness;

describe('the worker', () => {
  it('prefers threads to a GPU that the processor plays, and says so', async () => {
    const found = await call<Capabilities>('probe', 'auto');
    expect(found).toMatchObject({ backend: 'wasm', reason: 'software-adapter', isolated: true });
    expect(await call<Capabilities>('probe', 'webgpu')).toMatchObject({
      backend: 'webgpu',
      reason: 'asked',
    });
  });

  it('ends a run that was broken off as it would have ended, on WebGPU too', async () => {
    interface End {
      readonly image: readonly number[];
      readonly losses: readonly StepLosses[];
    }
    const ran = await call<Record<'whole' | 'resumed', End> & Record<string, number>>('goOn', {
      wish: 'webgpu',
      size: 32,
      steps: 20,
      // One layer and no more: it is the optimiser that is tried here, and every kernel takes its time to compile.
      settings: {
        learningRate: 0.9,
        tvWeight: 0,
        styleLayers: [{ tap: 'a', weight: 1 }],
        contentLayers: [{ tap: 'a', weight: 1 }],
      },
    });
    // Broken off inside a window of step control, which had something to do.
    expect(ran['brokenAt']).toBe(1);
    expect(ran['halvings']).toBeGreaterThan(0);
    expect(ran['halvings']).toBeLessThan(4);
    expect(ran.resumed).toEqual(ran.whole);
    expect(ran).toMatchObject({ sessions: 0, buffers: 0 });
  });

  it('enlarges the same on WebGPU as on WebAssembly', async () => {
    interface Large {
      readonly width: number;
      readonly height: number;
      readonly data: readonly number[];
    }
    const cpu = await call<Large>('enlarge', { wish: 'wasm', size: 20 });
    const gpu = await call<Large>('enlarge', { wish: 'webgpu', size: 20 });
    expect(cpu).toMatchObject({ width: 80, height: 80 });
    expect(new Set(cpu.data).size).toBeGreaterThan(50);
    // A value that lies between two bytes may go either way.
    const apart = cpu.data.map((value, i) => Math.abs(value - gpu.data[i]!));
    expect(Math.max(...apart)).toBeLessThanOrEqual(1);
  });

  it('sketches the same on WebGPU as on WebAssembly', async () => {
    const cpu = await call<number[]>('sketch', { wish: 'wasm', size: 32 });
    const gpu = await call<number[]>('sketch', { wish: 'webgpu', size: 32 });
    expect(new Set(cpu).size).toBeGreaterThan(50);
    const apart = cpu.map((value, i) => Math.abs(value - gpu[i]!));
    expect(apart).toHaveLength(4 * 32 * 24);
    expect(Math.max(...apart)).toBeLessThanOrEqual(1);
  });

  it('stops at the next step and keeps the best image', async () => {
    const ran = await call<Ran>('run', { wish: 'wasm', size: 48, steps: 5000, stopAt: 3 });
    expect(ran).toMatchObject({ finished: false, width: 48, height: 36 });
    expect(ran.cutShort).toBeUndefined();
    expect(ran.losses.length).toBeGreaterThanOrEqual(3);
    expect(ran.losses.length).toBeLessThan(5000);
    expect(ran.counters).toMatchObject({ sessions: 0, buffers: 0 });
  });

  it('keeps the last preview when it has to be cut off', async () => {
    const ran = await call<Ran>('run', { wish: 'wasm', size: 48, steps: 5000, killAt: 2 });
    expect(ran).toMatchObject({ finished: false, cutShort: true, width: 48, height: 36 });
  });

  it('starts its runtime when it is told to, before anything is to be painted', async () => {
    const { before, after } = await call<Record<string, Counters | null>>('open', { wish: 'wasm' });
    expect(before).toBeNull();
    expect(after).toMatchObject({ sessions: 0, buffers: 0 });
  });

  it('says that the runtime did not come, and what to do', async () => {
    await harness.page.route('**/*.wasm', (route) => route.abort());
    const { error } = await call<Ran>('run', { wish: 'wasm', size: 40, steps: 1 });
    await harness.page.unroute('**/*.wasm');
    expect(error).toMatchObject({ kind: 'backend-unavailable' });
    expect(error!.message).toMatch('the runtime did not load');
    expect(error!.advice).toMatch('connection');
  });

  it('carries errors across with class, kind and advice', async () => {
    const run = (broken: object) =>
      call<Ran>('run', { wish: 'wasm', size: 32, steps: 2, broken: { entry: {}, ...broken } });
    const damaged = await run({ entry: { sha256: '0'.repeat(64) } });
    expect(damaged.error).toMatchObject({ kind: 'invalid-model' });
    expect(damaged.error?.message).toContain('arrived damaged');
    const missing = await run({
      url: `${harness.stage.site.origin}/models/none.onnx`,
      // What is on the device by its hash is not asked for.
      entry: { sha256: '1'.repeat(64) },
    });
    expect(missing.error).toMatchObject({ kind: 'invalid-model' });
    expect(missing.error?.message).toContain('404');
    expect(missing.error?.advice).toContain('connection');
  });
});
