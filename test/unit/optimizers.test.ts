import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { wasmRuntime } from '../../tools/host.ts';
import { gradient } from '../../web/engine/autodiff/gradient.ts';
import { float32 } from '../../web/engine/graph/tensor.ts';
import { Adam } from '../../web/engine/optimizers/adam.ts';
import { StepControl } from '../../web/engine/optimizers/control.ts';
import { Lbfgs } from '../../web/engine/optimizers/lbfgs.ts';
import type {
  Objective,
  Optimizer,
  OptimizerOptions,
} from '../../web/engine/optimizers/optimizer.ts';
import { strongWolfe, type Trial } from '../../web/engine/optimizers/wolfe.ts';

interface Trajectories {
  readonly steps: number;
  readonly start: number[];
  readonly kernel: number[];
  readonly target: number[];
  readonly adam: number[];
  readonly adamClipped: number[];
  readonly lbfgs: number[];
  readonly lbfgsWolfe: number;
}

// Made by test/fixtures/optimizers/make.py with torch.optim, in double precision.
const figures = JSON.parse(
  readFileSync(new URL('../fixtures/optimizers/figures.json', import.meta.url), 'utf8'),
) as Trajectories;

const DIMS = [1, 3, 6, 5];
const runtime = wasmRuntime(1);

const objective: Objective = (b, x) => {
  const kernel = b.initializer(float32([4, 3, 3, 3], figures.kernel));
  const y = b.op('Tanh', [b.conv(x, kernel, null, { pads: [1, 1, 1, 1] })]);
  const error = b.mean(b.square(b.sub(y, b.initializer(float32([1, 4, 6, 5], figures.target)))));
  const total = b.add(error, b.mul(b.mean(b.square(x)), 0.05));
  const parts = b.concat(
    [total, total, total, total].map((part) => b.reshape(part, [1])),
    0,
  );
  return { total, parts, gradient: gradient(b, total, [x])[0]! };
};

const OPTIONS: OptimizerOptions = {
  learningRate: 0.05,
  betas: [0.9, 0.99],
  history: 5,
  lineSearch: 'none',
  gradientClip: 0,
  stepControl: false,
  range: null,
  averaging: 0,
};

async function take(
  make: typeof Adam | typeof Lbfgs,
  steps: number,
  changes: Partial<OptimizerOptions> = {},
  scale = 1,
): Promise<{ losses: number[]; image: Float32Array; best: Float32Array }> {
  const start = Float32Array.from(figures.start, (value) => value * scale);
  const optimizer: Optimizer = await make.create(runtime, objective, DIMS, start, {
    ...OPTIONS,
    ...changes,
  });
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    await optimizer.step();
    losses.push(...(await optimizer.flush()).map(({ total }) => total));
  }
  const [image, best] = [await optimizer.image(), await optimizer.best()];
  optimizer.dispose();
  return { losses, image, best };
}

function expectClose(
  found: readonly number[],
  expected: readonly number[],
  tolerance: number,
): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((loss, i) =>
    expect(Math.abs(loss / expected[i]! - 1)).toBeLessThanOrEqual(tolerance),
  );
}

describe('Adam', () => {
  it('goes where torch.optim.Adam goes', async () => {
    const { losses } = await take(Adam, figures.steps);
    expectClose(losses, figures.adam, 1e-4);
  });

  it('goes there with a clipped gradient too', async () => {
    const { losses } = await take(Adam, figures.steps, { gradientClip: 0.01 });
    expectClose(losses, figures.adamClipped, 1e-4);
  });

  it('keeps the image in its range', async () => {
    const { image } = await take(Adam, 5, { range: [-0.1, 0.2] });
    expect(Math.min(...image)).toBeGreaterThanOrEqual(Math.fround(-0.1));
    expect(Math.max(...image)).toBeLessThanOrEqual(Math.fround(0.2));
  });

  it('averages its iterates without the bias of starting from zero', async () => {
    // With a step this short every iterate is the start, and so must their average be.
    const { image } = await take(Adam, 4, { averaging: 0.9, learningRate: 1e-9 });
    image.forEach((value, i) => expect(value).toBeCloseTo(figures.start[i]!, 5));
  });
});

describe('L-BFGS', () => {
  it('goes where torch.optim.LBFGS goes', async () => {
    const { losses } = await take(Lbfgs, figures.steps, { learningRate: 1 }, 0.25);
    expectClose(losses, figures.lbfgs, 1e-3);
  });

  it('with the strong Wolfe conditions ends as low as torch, and never rises', async () => {
    // The first of our steps only evaluates.
    const { losses } = await take(Lbfgs, figures.steps + 1, {
      learningRate: 1,
      lineSearch: 'strong-wolfe',
    });
    expect(losses.at(-1)!).toBeLessThanOrEqual(1.01 * figures.lbfgsWolfe);
    losses.slice(1).forEach((loss, i) => expect(loss).toBeLessThanOrEqual(losses[i]! * (1 + 1e-6)));
  });
});

describe('a run that is broken off', () => {
  const cases: [string, typeof Adam | typeof Lbfgs, Partial<OptimizerOptions>][] = [
    ['Adam', Adam, {}],
    ['Adam, averaging', Adam, { averaging: 0.9 }],
    ['Adam, step control at work', Adam, { learningRate: 40, stepControl: true }],
    ['L-BFGS', Lbfgs, { learningRate: 1 }],
    ['L-BFGS, line search', Lbfgs, { learningRate: 1, lineSearch: 'strong-wolfe' }],
    ['Adam, a window of control', Adam, { learningRate: 40, stepControl: true, controlWindow: 4 }],
    ['L-BFGS, step control at work', Lbfgs, { learningRate: 30, stepControl: true }],
  ];
  const create = (make: typeof Adam | typeof Lbfgs, changes: Partial<OptimizerOptions>) =>
    make.create(runtime, objective, DIMS, Float32Array.from(figures.start), {
      ...OPTIONS,
      ...changes,
    });
  const go = async (optimizer: Optimizer, steps: number) => {
    for (let i = 0; i < steps; i++) await optimizer.step();
    return optimizer.flush();
  };

  it.each(cases)('goes on to the bit: %s', async (_name, make, changes) => {
    const STEPS = 16;
    const whole = await create(make, changes);
    const losses = [];
    const states = [];
    for (let i = 0; i < STEPS; i++) {
      states.push(structuredClone(await whole.snapshot()));
      losses.push(...(await go(whole, 1)));
    }
    for (const at of [1, 3, 7, 8, 15]) {
      const rest = await create(make, changes);
      rest.restore(states[at]!);
      const found = [];
      for (let i = at; i < STEPS; i++) found.push(...(await go(rest, 1)));
      expect(found).toEqual(losses.slice(at));
      expect(await rest.image()).toEqual(await whole.image());
      expect(await rest.best()).toEqual(await whole.best());
      rest.dispose();
    }
    whole.dispose();
  });

  it('refuses a state of another size, or of the other optimiser', async () => {
    const [adam, lbfgs] = [await create(Adam, {}), await create(Lbfgs, {})];
    const state = await adam.snapshot();
    expect(() => lbfgs.restore(state)).toThrow(/does not fit this run: "sy" is missing/);
    const short = { ...state, arrays: { ...state.arrays, m: new Float32Array(4) } };
    expect(() => adam.restore(short)).toThrow(/"m" has 4 elements, not 90/);
    adam.dispose();
    lbfgs.dispose();
  });
});

describe('a window of step control', () => {
  const WILD = { learningRate: 40, stepControl: true, controlWindow: 5, averaging: 0.9 };
  const STEPS = 20;

  /** `rhythm`: how many steps each time before their losses are read. */
  async function walk(rhythm: readonly number[]) {
    const start = Float32Array.from(figures.start);
    const adam = await Adam.create(runtime, objective, DIMS, start, { ...OPTIONS, ...WILD });
    const losses: number[] = [];
    const scales: number[] = [];
    for (const count of rhythm) {
      for (let i = 0; i < count; i++) await adam.step();
      losses.push(...(await adam.flush()).map(({ total }) => total));
      scales.push((await adam.snapshot()).numbers['controlScale']!);
    }
    const image = await adam.image();
    adam.dispose();
    return { losses, scales, image };
  }

  it('costs one halving, however many losses in it are too high', async () => {
    const { losses, scales } = await walk([5, 5]);
    expect(losses.filter((loss) => loss > 2 * losses[0]!).length).toBeGreaterThan(1);
    expect(scales).toEqual([0.5, 0.25]);
  });

  it('does not depend on when losses are read', async () => {
    const steady = await walk(Array.from({ length: STEPS }, () => 1));
    for (const rhythm of [[STEPS], [3, 9, 1, 7], [5, 5, 5, 5], [19, 1]]) {
      const { losses, scales, image } = await walk(rhythm);
      expect(losses).toEqual(steady.losses);
      expect(image).toEqual(steady.image);
      expect(scales.at(-1)).toBe(steady.scales.at(-1));
    }
  });
});

describe('a loss that is not finite', () => {
  // A logarithm keeps x below 1.2: beyond, there is neither loss nor gradient.
  const barrier: Objective = (b, x) => {
    const { total: error } = objective(b, x);
    const total = b.add(error, b.mul(b.mean(b.log(b.sub(1.2, x))), -0.05));
    const parts = b.concat(
      [total, total, total, total].map((part) => b.reshape(part, [1])),
      0,
    );
    return { total, parts, gradient: gradient(b, total, [x])[0]! };
  };
  const start = Float32Array.from(figures.start, (value) => Math.min(value, 1) / 4);

  it.each<[string, typeof Adam | typeof Lbfgs, Partial<OptimizerOptions>]>([
    ['L-BFGS', Lbfgs, { learningRate: 3000 }],
    ['L-BFGS, step control', Lbfgs, { learningRate: 3000, stepControl: true }],
    ['L-BFGS, line search', Lbfgs, { learningRate: 3000, lineSearch: 'strong-wolfe' }],
    ['Adam, step control', Adam, { learningRate: 2, stepControl: true, averaging: 0.5 }],
  ])('is recovered from: %s', async (_name, make, changes) => {
    const optimizer = await make.create(runtime, barrier, DIMS, start, { ...OPTIONS, ...changes });
    const losses: number[] = [];
    for (let i = 0; i < 30; i++) {
      await optimizer.step();
      losses.push(...(await optimizer.flush()).map(({ total }) => total));
    }
    const first = losses.findIndex((loss) => !Number.isFinite(loss));
    if (changes.lineSearch !== 'strong-wolfe') expect(first).toBeGreaterThan(0);
    expect(Math.min(...losses.slice(first + 1).filter(Number.isFinite))).toBeLessThan(
      0.9 * losses[0]!,
    );
    // With a step length as wild as this and nobody to shorten it, a run ends where it ends.
    if (changes.stepControl || changes.lineSearch) expect(losses.at(-1)).toBeLessThan(losses[0]!);
    expect([...(await optimizer.image())].every(Number.isFinite)).toBe(true);
    optimizer.dispose();
  });
});

describe('strong Wolfe line search', () => {
  it('finds a step with enough decrease and a flat enough slope', async () => {
    // φ(t) = (t − 3)⁴ + t, far from its minimum at first.
    const phi = (t: number): Trial => ({ t, loss: (t - 3) ** 4 + t, slope: 4 * (t - 3) ** 3 + 1 });
    const start = phi(0);
    const t = await strongWolfe(start, 0.01, (at) => Promise.resolve(phi(at)));
    expect(phi(t).loss).toBeLessThanOrEqual(start.loss + 1e-4 * t * start.slope);
    expect(Math.abs(phi(t).slope)).toBeLessThanOrEqual(-0.9 * start.slope);
  });

  it('backs away from a loss that is not a number', async () => {
    const phi = (t: number): Trial =>
      t > 1 ? { t, loss: NaN, slope: NaN } : { t, loss: (t - 0.5) ** 2, slope: 2 * t - 1 };
    const t = await strongWolfe(phi(0), 4, (at) => Promise.resolve(phi(at)));
    expect(t).toBeLessThanOrEqual(1);
    expect(phi(t).loss).toBeLessThan(phi(0).loss);
  });
});

describe('step-size control', () => {
  const row = (total: number) => ({ total, content: 0, style: 0, tv: 0 });

  /** Steps so long that every run flies apart. */
  const WILD = { learningRate: 40 };
  const end = ({ losses }: { losses: readonly number[] }) => losses.at(-1)! / losses[0]!;

  it.each([
    ['Adam', Adam, WILD],
    ['L-BFGS', Lbfgs, { learningRate: 30 }],
  ] as const)('keeps %s from diverging', async (_name, make, changes) => {
    expect(end(await take(make, 80, changes))).toBeGreaterThan(2);
    expect(end(await take(make, 80, { ...changes, stepControl: true }))).toBeLessThan(0.7);
  });

  it('returns the best image even where the run ends badly', async () => {
    const { losses, best } = await take(Adam, 6, WILD);
    expect(losses[0]).toBe(Math.min(...losses));
    best.forEach((value, i) => expect(value).toBeCloseTo(figures.start[i]!, 6));
  });

  it('halves the step on a jump, on a standstill and on a loss that is no number', () => {
    const control = new StepControl();
    expect(control.observe(row(1))).toBe('on');
    expect(control.observe(row(0.5))).toBe('on');
    expect(control.observe(row(1.1))).toBe('back');
    expect(control.observe(row(NaN))).toBe('anew');
    expect(control.scale).toBe(0.25);
    const stalls = Array.from({ length: 25 }, () => control.observe(row(0.5)));
    expect(stalls.indexOf('back')).toBe(24);
  });

  it('halves the step once for a window of losses, and goes back even from the smallest step', () => {
    const control = new StepControl(4);
    const window = [0.5, 2, NaN, 9].map((total) => control.observe(row(total)));
    expect(window).toEqual(['on', 'on', 'on', 'anew']);
    expect(control.scale).toBe(0.5);
    // A jump that was over before anybody saw it: the next loss is the best so far.
    const over = [0.4, 3, 0.3, 0.2].map((total) => control.observe(row(total)));
    expect([over.at(-1), control.scale]).toEqual(['back', 0.25]);
    for (let i = 0; i < 40; i++) control.observe(row(NaN));
    expect(control.scale).toBe(1 / 256);
    expect([1, 2, 3, NaN].map((total) => control.observe(row(total))).at(-1)).toBe('anew');
  });
});
