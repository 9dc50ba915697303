import { GraphBuilder } from '../onnx/builder.ts';
import type { Graph, Value } from '../onnx/graph.ts';
import type { Arrays, Program, Runtime } from '../runtime/runtime.ts';
import { StepControl } from './control.ts';
import { History, type Direction } from './history.ts';
import {
  BEST_STATE,
  clipNorm,
  keepBest,
  NO_LOSS,
  toLosses,
  type Losses,
  type Objective,
  type Optimizer,
  type OptimizerOptions,
} from './optimizer.ts';
import { strongWolfe, type Trial } from './wolfe.ts';

const STATE = [
  ['x', 'x_next'],
  ['g', 'g_next'],
  ['s', 's_next'],
  ['y', 'y_next'],
  ...BEST_STATE,
] as const;
/** Stored pairs, a row each. */
const MEMORY = ['S', 'Y'];

/**
 * One step of L-BFGS as one graph: x' = x + t·(σ·S + η·Y + γ·g), the evaluation at x', and all inner products the
 * next direction needs. The coefficients come in from the host; see history.ts.
 */
export function lbfgsGraph(
  objective: Objective,
  dims: readonly number[],
  options: OptimizerOptions,
): Graph {
  const [, , height] = dims as [number, number, number, number];
  const n = dims.reduce((product, dim) => product * dim, 1);
  const m = options.history;
  const b = new GraphBuilder();
  const x = b.input('x', dims);
  const g = b.input('g', [1, n]);
  // The last pair is state only so that it can be written into the memory.
  for (const name of ['s', 'y']) b.input(name, [1, n]);
  const [S, Y] = MEMORY.map((name) => b.input(name, [m, n])) as [Value, Value];
  const [sigma, eta] = ['sigma', 'eta'].map((name) => b.input(name, [1, m])) as [Value, Value];
  const gamma = b.input('gamma', []);
  const t = b.input('t', []);
  const d = b.add(b.add(b.matMul(sigma, S), b.matMul(eta, Y)), b.mul(g, gamma));
  const sNext = b.mul(d, t);
  const moved = b.add(x, b.reshape(sNext, dims));
  const xNext = options.range ? b.clip(moved, ...options.range) : moved;
  const { total, parts, gradient } = objective(b, xNext);
  const gNext = b.reshape(clipNorm(b, gradient, options.gradientClip), [1, n]);
  const yNext = b.sub(gNext, g);
  const fresh = b.concat([sNext, yNext, gNext], 0);
  const products = (left: Value) => innerProducts(b, left, fresh, options.split ? height : 1);
  b.output(xNext, 'x_next');
  b.output(gNext, 'g_next');
  b.output(sNext, 's_next');
  b.output(yNext, 'y_next');
  keepBest(b, xNext, total);
  b.output(parts, 'losses');
  b.output(products(S), 'with_s');
  b.output(products(Y), 'with_y');
  b.output(products(fresh), 'fresh');
  b.output(b.sum(b.abs(gNext)), 'g_abs');
  return b.build();
}

/** left·rightᵀ for [p, n] and [q, n]; with batches, the sum over n is cut into as many pieces. */
function innerProducts(b: GraphBuilder, left: Value, right: Value, batches: number): Value {
  if (batches === 1) return b.op('Gemm', [left, right], { transB: 1 });
  const cut = (x: Value) => b.reshape(x, [x.dims[0]!, batches, x.dims[1]! / batches]);
  const rows = b.transpose(cut(left), [1, 0, 2]);
  const columns = b.transpose(cut(right), [1, 2, 0]);
  return b.reduceSum(b.matMul(rows, columns), [0], false);
}

/** Factor from one step without memory to the next. */
const GROWTH = 4;

/** A step with an evaluation but no movement. */
const STAY: Pick<Direction, 'g'> = { g: 0 };

/** L-BFGS (Liu and Nocedal 1989) with the conventions of torch.optim.LBFGS; image and history stay on the device. */
export class Lbfgs implements Optimizer {
  readonly #program: Program;
  readonly #options: OptimizerOptions;
  readonly #history: History;
  readonly #control = new StepControl();
  #losses: Losses[] = [];
  #last: Losses | undefined;
  #gAbs = 0;
  #growth = 1;

  private constructor(program: Program, options: OptimizerOptions) {
    this.#program = program;
    this.#options = options;
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
    const program = await runtime.load(lbfgsGraph(objective, dims, options), STATE, MEMORY);
    program.set('x', start);
    program.set('best', start);
    program.set('best_loss', Float32Array.of(NO_LOSS));
    return new Lbfgs(program, options);
  }

  async step(): Promise<void> {
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

  /** Goes where the last run was, and stores its pair. */
  async #accept(arrays: Arrays, moved: boolean): Promise<void> {
    this.#program.commit();
    const losses = toLosses(arrays['losses']!);
    this.#gAbs = arrays['g_abs']![0]!;
    this.#losses.push(losses);
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
    if (this.#options.stepControl && this.#control.observe(losses)) {
      await this.#program.copy('best', 'x');
      this.#history.clear();
      this.#last = undefined;
    }
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

  dispose(): void {
    this.#program.dispose();
  }
}
