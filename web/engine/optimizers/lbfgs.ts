import type { Arrays, Program, Runtime } from '../runtime/runtime.ts';
import { CONTROL_NUMBERS, StepControl } from './control.ts';
import { History, type Direction } from './history.ts';
import { lbfgsGraph, MEMORY, STATE } from './lbfgsGraph.ts';
import {
  NO_LOSS,
  toLosses,
  type Losses,
  type Objective,
  type Optimizer,
  type OptimizerOptions,
} from './optimizer.ts';
import { checkState, type OptimizerState } from './state.ts';
import { strongWolfe, type Trial } from './wolfe.ts';

/** Factor from one step without memory to the next. */
const GROWTH = 4;
/** Factor of the next step without memory after an evaluation that was not finite. */
const RETREAT = 1 / 16;

/** Stands in a snapshot for losses that are not known; in the order of `toLosses`. */
const NOT_EVALUATED: Losses = { total: NaN, content: NaN, style: NaN, tv: NaN };

/** A step with an evaluation but no movement. */
const STAY: Pick<Direction, 'g'> = { g: 0 };

/** L-BFGS (Liu and Nocedal 1989) with the conventions of torch.optim.LBFGS; image and history stay on the device. */
export class Lbfgs implements Optimizer {
  readonly #program: Program;
  readonly #options: OptimizerOptions;
  readonly #history: History;
  readonly #control = new StepControl();
  readonly #size: number;
  #losses: Losses[] = [];
  #last: Losses | undefined;
  #gAbs = 0;
  #growth = 1;

  private constructor(program: Program, options: OptimizerOptions, size: number) {
    this.#program = program;
    this.#options = options;
    this.#size = size;
    this.#history = new History(options.history);
  }

  /** @param start first image, [3·H·W] in units of the pixel range */
  static async create(
    runtime: Runtime,
    objective: Objective,
    dims: readonly number[],
    start: Float32Array,
    options: OptimizerOptions,
  ): Promise<Lbfgs> {
    const graph = lbfgsGraph(objective, dims, options);
    return Lbfgs.over(await runtime.load(graph, STATE, MEMORY), start, options);
  }

  /** With objective and vectors computed by a program of lbfgsGraph's inputs and outputs. */
  static over(program: Program, start: Float32Array, options: OptimizerOptions): Lbfgs {
    program.set('x', start);
    program.set('best', start);
    program.set('best_loss', Float32Array.of(NO_LOSS));
    return new Lbfgs(program, options, start.length);
  }

  async step(): Promise<void> {
    const growth = this.#growth;
    try {
      await this.#step();
    } catch (error) {
      // A step that was cancelled was none.
      this.#growth = growth;
      throw error;
    }
  }

  async #step(): Promise<void> {
    if (!this.#last) return this.#accept(await this.#run(STAY, 0), false);
    const direction = this.#history.direction();
    if (!(direction.slope < 0)) {
      // Not a way down: rounding has spoilt the memory.
      this.#history.clear();
      return this.#accept(await this.#run({ g: -1 }, this.#firstStep()), true);
    }
    const t = this.#history.length === 0 ? this.#firstStep() : this.#rate();
    const search = this.#options.lineSearch === 'strong-wolfe';
    await this.#accept(
      search ? await this.#search(direction, t) : await this.#run(direction, t),
      true,
    );
  }

  #rate(): number {
    return this.#options.learningRate * this.#control.scale;
  }

  /**
   * Without memory: a first step of at most unit length in the 1-norm, as torch.optim.LBFGS takes it; then, as long as
   * the curvature is negative and nothing can be remembered, each step is longer than the one before. (There the
   * second step is the raw gradient at full length, which multiplies the loss by a thousand on many pictures.)
   */
  #firstStep(): number {
    const t = Math.min(1, 1 / this.#gAbs) * this.#rate() * this.#growth;
    this.#growth *= GROWTH;
    return t;
  }

  /** Evaluates at x + t·d without going there. */
  async #run(direction: Partial<Direction> & Pick<Direction, 'g'>, t: number): Promise<Arrays> {
    const none = new Float32Array(this.#options.history);
    const readout = await this.#program.run({
      sigma: direction.s ?? none,
      eta: direction.y ?? none,
      gamma: Float32Array.of(direction.g),
      t: Float32Array.of(t),
    });
    return readout.read();
  }

  async #search(direction: Direction, firstStep: number): Promise<Arrays> {
    let latest: { readonly t: number; readonly arrays: Arrays } | undefined;
    const evaluate = async (t: number): Promise<Trial> => {
      const arrays = await this.#run(direction, t);
      latest = { t, arrays };
      // Row s, column g of the fresh products is s·g', and s = t·d.
      return { t, loss: arrays['losses']![0]!, slope: arrays['fresh']![2]! / t };
    };
    const start = { t: 0, loss: this.#last!.total, slope: direction.slope };
    const t = await strongWolfe(start, firstStep, evaluate);
    return latest?.t === t ? latest.arrays : this.#run(direction, t);
  }

  /** Goes where the last run was, and stores its pair. Does not go where nothing can be computed. */
  async #accept(arrays: Arrays, moved: boolean): Promise<void> {
    const losses = toLosses(arrays['losses']!);
    const gAbs = arrays['g_abs']![0]!;
    this.#losses.push(losses);
    if (!Number.isFinite(losses.total) || !Number.isFinite(gAbs)) return this.#retreat(losses);
    this.#program.commit();
    this.#gAbs = gAbs;
    this.#last = losses;
    const products = {
      withS: arrays['with_s']!,
      withY: arrays['with_y']!,
      fresh: arrays['fresh']!,
    };
    // Without movement s is zero, so the pair is refused, but the gradient's products are taken in.
    const slot = this.#history.update(products);
    if (slot !== null && moved) {
      this.#growth = 1;
      await this.#program.copyRow('s', 'S', slot);
      await this.#program.copyRow('y', 'Y', slot);
    }
    await this.#observe(losses);
  }

  /**
   * Stays at the last image that had a loss and a gradient, and tries a shorter step without memory from there. What
   * is not finite never becomes state: it would stay for good, as NaN times zero is NaN.
   */
  async #retreat(losses: Losses): Promise<void> {
    this.#history.clear();
    this.#growth = Math.min(1, this.#growth / GROWTH) * RETREAT;
    await this.#observe(losses);
  }

  async #observe(losses: Losses): Promise<void> {
    if (!this.#options.stepControl || this.#control.observe(losses) === 'on') return;
    await this.#program.copy('best', 'x');
    this.#history.clear();
    this.#last = undefined;
  }

  flush(): Promise<Losses[]> {
    const losses = this.#losses;
    this.#losses = [];
    return Promise.resolve(losses);
  }

  image(): Promise<Float32Array> {
    return this.#program.get('x');
  }

  best(): Promise<Float32Array> {
    return this.#program.get('best');
  }

  async snapshot(): Promise<OptimizerState> {
    const history = this.#history.snapshot();
    const arrays: Record<string, Float32Array> = { ...history.arrays };
    for (const name of Object.keys(this.#lengths())) arrays[name] = await this.#program.get(name);
    // Rows that hold nothing yet are left out: the memory is most of a checkpoint.
    const used = this.#history.length * this.#size;
    for (const name of MEMORY) arrays[name] = (await this.#program.get(name)).slice(0, used);
    const numbers = {
      ...history.numbers,
      ...this.#control.snapshot(),
      ...(this.#last ?? NOT_EVALUATED),
      gAbs: this.#gAbs,
      growth: this.#growth,
      evaluated: Number(this.#last !== undefined),
    };
    return { arrays, numbers };
  }

  restore(state: OptimizerState): void {
    const losses = Object.keys(NOT_EVALUATED);
    const own = ['gAbs', 'growth', 'evaluated', ...losses, ...CONTROL_NUMBERS];
    this.#history.restore(state);
    const used = this.#history.length * this.#size;
    const lengths = { ...this.#lengths(), S: used, Y: used };
    const { arrays, numbers } = checkState(state, lengths, own);
    for (const name of Object.keys(this.#lengths())) this.#program.set(name, arrays[name]!);
    for (const name of MEMORY) {
      const whole = new Float32Array(this.#options.history * this.#size);
      whole.set(arrays[name]!);
      this.#program.set(name, whole);
    }
    this.#control.restore(numbers);
    this.#gAbs = numbers['gAbs']!;
    this.#growth = numbers['growth']!;
    const last = toLosses(losses.map((name) => numbers[name]!));
    this.#last = numbers['evaluated'] === 1 ? last : undefined;
  }

  /** The arrays of its state, with their number of elements. The last pair is in the memory already. */
  #lengths(): Record<string, number> {
    return { x: this.#size, g: this.#size, best: this.#size, best_loss: 1 };
  }

  dispose(): void {
    this.#program.dispose();
  }
}
