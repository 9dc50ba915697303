import { GraphBuilder } from '../graph/builder.ts';
import type { Graph } from '../graph/graph.ts';
import type { Program, Readout, Runtime } from '../runtime/runtime.ts';
import { CONTROL_NUMBERS, StepControl } from './control.ts';
import {
  BEST_STATE,
  clipNorm,
  keepBest,
  NO_LOSS,
  toLosses,
  type Losses,
  type Moments,
  type Objective,
  type Optimizer,
  type OptimizerOptions,
} from './optimizer.ts';
import { checkState, type OptimizerState } from './state.ts';

const EPSILON = 1e-8;

const STATE = [['x', 'x_next'], ['m', 'm_next'], ['v', 'v_next'], ...BEST_STATE] as const;
const AVERAGE = ['average', 'average_next'] as const;

/**
 * One step of Adam (Kingma and Ba 2015, arXiv:1412.6980, algorithm 1) with its evaluation, as one graph.
 * Bias corrections come in as two scalars, so that the graph stays the same from step to step.
 */
export function adamGraph(
  objective: Objective,
  dims: readonly number[],
  options: OptimizerOptions,
): Graph {
  const b = new GraphBuilder();
  const [x, m, v] = ['x', 'm', 'v'].map((name) => b.input(name, dims));
  const rate = b.input('rate', []);
  const correction = b.input('correction', []);
  const { total, parts, gradient } = objective(b, x!);
  const g = clipNorm(b, gradient, options.gradientClip);
  const [beta1, beta2] = options.betas;
  const mNext = b.add(b.mul(m!, beta1), b.mul(g, 1 - beta1));
  const vNext = b.add(b.mul(v!, beta2), b.mul(b.square(g), 1 - beta2));
  const step = b.div(b.mul(mNext, rate), b.add(b.mul(b.sqrt(vNext), correction), EPSILON));
  const moved = b.sub(x!, step);
  const xNext = options.range ? b.clip(moved, ...options.range) : moved;
  b.output(xNext, 'x_next');
  b.output(mNext, 'm_next');
  b.output(vNext, 'v_next');
  keepBest(b, x!, total);
  if (options.averaging > 0) {
    const average = b.input('average', dims);
    b.output(
      b.add(b.mul(average, options.averaging), b.mul(xNext, 1 - options.averaging)),
      'average_next',
    );
  }
  b.output(parts, 'losses');
  return b.build();
}

export class Adam implements Optimizer {
  readonly #program: Program;
  readonly #options: OptimizerOptions;
  readonly #control: StepControl;
  readonly #size: number;
  #pending: Readout[] = [];
  /** Losses that were read and not asked for yet. */
  #losses: Losses[] = [];
  /** Steps since the moments were last zero. */
  #age = 0;
  /** Images in the running average. */
  #averaged = 0;

  private constructor(program: Program, options: OptimizerOptions, size: number) {
    this.#program = program;
    this.#options = options;
    this.#control = new StepControl(options.controlWindow);
    this.#size = size;
  }

  /** @param start first image, [3·H·W] in units of the pixel range */
  static async create(
    runtime: Runtime,
    objective: Objective,
    dims: readonly number[],
    start: Float32Array,
    options: OptimizerOptions,
  ): Promise<Adam> {
    const graph = adamGraph(objective, dims, options);
    const pairs = options.averaging > 0 ? [...STATE, AVERAGE] : STATE;
    return Adam.over(await runtime.load(graph, pairs), start, options);
  }

  /** With objective and update computed by a program of adamGraph's inputs and outputs. */
  static over(program: Program, start: Float32Array, options: OptimizerOptions): Adam {
    program.set('x', start);
    program.set('best', start);
    program.set('best_loss', Float32Array.of(NO_LOSS));
    const adam = new Adam(program, options, start.length);
    adam.#restartAverage(start);
    return adam;
  }

  async step(): Promise<void> {
    const { stepControl } = this.#options;
    if (stepControl && this.#pending.length >= this.#control.remaining) await this.#settle();
    const [beta1, beta2] = this.#options.betas;
    const age = this.#age + 1;
    const rate = (this.#options.learningRate * this.#control.scale) / (1 - beta1 ** age);
    const correction = 1 / Math.sqrt(1 - beta2 ** age);
    const readout = await this.#program.run({
      rate: Float32Array.of(rate),
      correction: Float32Array.of(correction),
    });
    // Not before: a run that was cancelled is no step.
    this.#age = age;
    this.#averaged++;
    this.#pending.push(readout);
    this.#program.commit();
  }

  async flush(): Promise<Losses[]> {
    await this.#settle();
    const losses = this.#losses;
    this.#losses = [];
    return losses;
  }

  /** Reads the losses of all steps so far; where they complete a window, control may intervene. */
  async #settle(): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    for (const readout of pending) {
      const losses = toLosses((await readout.read())['losses']!);
      this.#losses.push(losses);
      if (!this.#options.stepControl) continue;
      const verdict = this.#control.observe(losses);
      if (verdict !== 'on') await this.#returnToBest();
      if (verdict === 'anew') this.#restartAverage(await this.best());
    }
  }

  async #returnToBest(): Promise<void> {
    await this.#program.copy('best', 'x');
    this.#program.set('m', new Float32Array(this.#size));
    this.#program.set('v', new Float32Array(this.#size));
    this.#age = 0;
  }

  /** Begins the average with one image. */
  #restartAverage(image: Float32Array): void {
    const decay = this.#options.averaging;
    if (decay === 0) return;
    this.#program.set(
      'average',
      image.map((value) => (1 - decay) * value),
    );
    this.#averaged = 1;
  }

  goOn({ first, second, age }: Moments): void {
    this.#program.set('m', first);
    this.#program.set('v', second);
    this.#age = age;
  }

  async moments(): Promise<Moments> {
    const [first, second] = [await this.#program.get('m'), await this.#program.get('v')];
    return { first, second, age: this.#age };
  }

  async image(): Promise<Float32Array> {
    const decay = this.#options.averaging;
    if (decay === 0) return this.#program.get('x');
    const sum = await this.#program.get('average');
    const weight = 1 - decay ** this.#averaged;
    return sum.map((value) => value / weight);
  }

  best(): Promise<Float32Array> {
    return this.#program.get('best');
  }

  async snapshot(): Promise<OptimizerState> {
    const arrays: Record<string, Float32Array> = {};
    for (const name of Object.keys(this.#lengths())) arrays[name] = await this.#program.get(name);
    const numbers = { age: this.#age, averaged: this.#averaged, ...this.#control.snapshot() };
    return { arrays, numbers };
  }

  restore(state: OptimizerState): void {
    const names = ['age', 'averaged', ...CONTROL_NUMBERS];
    const { arrays, numbers } = checkState(state, this.#lengths(), names);
    for (const name of Object.keys(this.#lengths())) this.#program.set(name, arrays[name]!);
    this.#age = numbers['age']!;
    this.#averaged = numbers['averaged']!;
    this.#control.restore(numbers);
  }

  /** The arrays of its state, with their number of elements. */
  #lengths(): Record<string, number> {
    const n = this.#size;
    const average = this.#options.averaging > 0 ? { average: n } : {};
    return { x: n, m: n, v: n, best: n, best_loss: 1, ...average };
  }

  dispose(): void {
    this.#program.dispose();
  }
}
