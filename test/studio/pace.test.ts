import { describe, expect, it } from 'vitest';
import { grain } from '../../web/studio/run/grain.ts';
import { Pace } from '../../web/studio/run/pace.ts';
import type { Progress } from '../../web/studio/run/state.ts';

const at = (step: number, scale: number, msPerStep: number): Progress => ({
  phase: 'painting',
  step,
  steps: 20,
  scale,
  scales: 2,
  width: 64,
  height: 64,
  losses: [],
  msPerStep,
});

describe('the pace of a run', () => {
  it('says nothing before the first step', () => {
    expect(new Pace().note({ ...at(0, 0, 0), phase: 'preparing' })).toBeNull();
  });

  it('counts on twice the time for each step of the next scale', () => {
    const speed = new Pace().note(at(5, 0, 100));
    // 5 more steps here at 0.1 s, 10 of the next scale at 0.2 s.
    expect(speed?.stepsPerSecond).toBeCloseTo(10);
    expect(speed?.secondsLeft).toBeCloseTo(5 * 0.1 + 10 * 0.2);
  });

  it('begins afresh with a new scale', () => {
    const pace = new Pace();
    pace.note(at(10, 0, 100));
    // 1000 ms are spent; two steps more took 600 ms.
    const speed = pace.note(at(12, 1, 1600 / 12));
    expect(speed?.secondsLeft).toBeCloseTo(8 * 0.3);
  });
});

describe('the picture that a device is measured with', () => {
  it('has all levels, and no pixel like its neighbour', () => {
    const { data } = grain(32, 1);
    const reds = Array.from({ length: 32 * 32 }, (_, i) => data[4 * i]!);
    expect(new Set(reds).size).toBeGreaterThan(200);
    expect(reds.filter((red, i) => red === reds[i + 1]).length).toBeLessThan(32);
    expect(reds.reduce((sum, red) => sum + red) / reds.length).toBeCloseTo(127.5, -1);
  });
});
