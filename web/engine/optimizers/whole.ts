/**
 * Optimisers over an image too large for the device: its state is plain arrays of the host, one of each, and only the
 * evaluation is the device's. The arithmetic is that of adamGraph and lbfgsGraph; control, memory and checkpoints are
 * the optimisers' own, which drive these as they drive a program on the device.
 */
import type { Arrays, Program, Readout } from '../runtime/runtime.ts';
import { NO_LOSS, type Losses, type OptimizerOptions } from './optimizer.ts';

/** Loss and gradient of a whole image, however they are come by. */
export interface WholeObjective {
  /** Writes the gradient at `x` into `gradient`; both [3·H·W] in units of the pixel range. */
  evaluate(x: Float32Array, gradient: Float32Array): Promise<Losses>;
  dispose(): void;
}

const EPSILON = 1e-8;

abstract class HostProgram implements Program {
  protected readonly objective: WholeObjective;
  protected readonly options: OptimizerOptions;
  readonly #state = new Map<string, Float32Array>();

  constructor(objective: WholeObjective, options: OptimizerOptions) {
    this.objective = objective;
    this.options = options;
  }

  protected hold(name: string, length: number): void {
    this.#state.set(name, new Float32Array(length));
  }

  protected of(name: string): Float32Array {
    return this.#state.get(name)!;
  }

  protected swap(a: string, b: string): void {
    const [first, second] = [this.of(a), this.of(b)];
    this.#state.set(a, second).set(b, first);
  }

  abstract run(controls: Arrays): Promise<Readout>;
  abstract commit(): void;

  set(input: string, values: Float32Array): void {
    this.of(input).set(values);
  }

  copy(from: string, to: string): Promise<void> {
    return this.copyRow(from, to, 0);
  }

  copyRow(from: string, to: string, row: number): Promise<void> {
    const values = this.of(from);
    this.of(to).set(values, row * values.length);
    return Promise.resolve();
  }

  get(input: string): Promise<Float32Array> {
    return Promise.resolve(this.of(input).slice());
  }

  dispose(): void {
    this.objective.dispose();
    this.#state.clear();
  }

  protected keepBest(x: Float32Array, total: number): void {
    const loss = this.of('best_loss');
    if (!(total < loss[0]!)) return;
    this.of('best').set(x);
    loss[0] = total;
  }

  /** As clipNorm does. */
  protected clip(g: Float32Array): void {
    const { gradientClip } = this.options;
    if (gradientClip === 0) return;
    const factor = Math.min(1, gradientClip / (Math.sqrt(dot(g, g)) + 1e-12));
    if (factor < 1) for (let i = 0; i < g.length; i++) g[i]! *= factor;
  }
}

const readout = (arrays: Arrays): Readout => ({ read: () => Promise.resolve(arrays) });
const rowOf = ({ total, content, style, tv }: Losses): Float32Array =>
  Float32Array.of(total, content, style, tv);

/** Sum of products, in double precision. */
function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** What Adam drives. A run is a step: nobody looks without going. */
export class HostAdam extends HostProgram {
  constructor(objective: WholeObjective, size: number, options: OptimizerOptions) {
    super(objective, options);
    const average = options.averaging > 0 ? ['average'] : [];
    for (const name of ['x', 'g', 'm', 'v', 'best', ...average]) this.hold(name, size);
    this.hold('best_loss', 1);
    this.set('best_loss', Float32Array.of(NO_LOSS));
  }

  async run(controls: Arrays): Promise<Readout> {
    const [x, g] = [this.of('x'), this.of('g')];
    const losses = await this.objective.evaluate(x, g);
    this.keepBest(x, losses.total);
    this.clip(g);
    this.#move(controls['rate']![0]!, controls['correction']![0]!);
    return readout({ losses: rowOf(losses) });
  }

  #move(rate: number, correction: number): void {
    const { betas, range, averaging } = this.options;
    const [x, g, m, v] = [this.of('x'), this.of('g'), this.of('m'), this.of('v')];
    const [low, high] = range ?? [-Infinity, Infinity];
    for (let i = 0; i < x.length; i++) {
      m[i] = betas[0] * m[i]! + (1 - betas[0]) * g[i]!;
      v[i] = betas[1] * v[i]! + (1 - betas[1]) * g[i]! * g[i]!;
      const moved = x[i]! - (m[i]! * rate) / (Math.sqrt(v[i]!) * correction + EPSILON);
      x[i] = Math.min(high, Math.max(low, moved));
    }
    if (averaging === 0) return;
    const average = this.of('average');
    for (let i = 0; i < x.length; i++)
      average[i] = averaging * average[i]! + (1 - averaging) * x[i]!;
  }

  commit(): void {
    // The step was taken where it was computed.
  }
}

/** What L-BFGS drives: a run looks at x + t·d, and commit goes there. */
export class HostLbfgs extends HostProgram {
  readonly #history: number;
  #trial: Losses | null = null;

  constructor(objective: WholeObjective, size: number, options: OptimizerOptions) {
    super(objective, options);
    this.#history = options.history;
    for (const name of ['x', 'g', 's', 'y']) {
      this.hold(name, size);
      this.hold(`${name}_next`, size);
    }
    for (const name of ['S', 'Y']) this.hold(name, options.history * size);
    this.hold('best', size);
    this.hold('best_loss', 1);
    this.set('best_loss', Float32Array.of(NO_LOSS));
  }

  async run({ sigma, eta, gamma, t }: Arrays): Promise<Readout> {
    const [x, g] = [this.of('x'), this.of('g')];
    const [xNext, gNext] = [this.of('x_next'), this.of('g_next')];
    const [s, y] = [this.of('s_next'), this.of('y_next')];
    const { range } = this.options;
    const [low, high] = range ?? [-Infinity, Infinity];
    for (let i = 0; i < s.length; i++) s[i] = gamma![0]! * g[i]!;
    for (let k = 0; k < this.#history; k++) {
      addTo(s, this.#row('S', k), sigma![k]!);
      addTo(s, this.#row('Y', k), eta![k]!);
    }
    for (let i = 0; i < s.length; i++) {
      s[i]! *= t![0]!;
      xNext[i] = Math.min(high, Math.max(low, x[i]! + s[i]!));
    }
    const losses = await this.objective.evaluate(xNext, gNext);
    this.clip(gNext);
    for (let i = 0; i < y.length; i++) y[i] = gNext[i]! - g[i]!;
    this.#trial = losses;
    const fresh = [s, y, gNext];
    const rows = (name: string) =>
      Array.from({ length: this.#history }, (_, k) => this.#row(name, k));
    return readout({
      losses: rowOf(losses),
      with_s: products(rows('S'), fresh),
      with_y: products(rows('Y'), fresh),
      fresh: products(fresh, fresh),
      g_abs: Float32Array.of(gNext.reduce((sum, value) => sum + Math.abs(value), 0)),
    });
  }

  commit(): void {
    if (!this.#trial) return;
    for (const name of ['x', 'g', 's', 'y']) this.swap(name, `${name}_next`);
    this.keepBest(this.of('x'), this.#trial.total);
    this.#trial = null;
  }

  #row(name: string, k: number): Float32Array {
    const rows = this.of(name);
    const length = rows.length / this.#history;
    return rows.subarray(k * length, (k + 1) * length);
  }
}

function addTo(sum: Float32Array, x: Float32Array, factor: number): void {
  if (factor === 0) return;
  for (let i = 0; i < sum.length; i++) sum[i]! += factor * x[i]!;
}

const products = (left: readonly Float32Array[], right: readonly Float32Array[]): Float32Array =>
  Float32Array.from(left.flatMap((a) => right.map((b) => dot(a, b))));
