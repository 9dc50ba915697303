/**
 * The memory of L-BFGS as inner products only (Chen, Wang, Zhou 2014, "Large-scale L-BFGS using MapReduce", NIPS,
 * algorithm 3): the vectors s, y and g stay on the device, the two-loop recursion runs over the coefficients of a
 * direction d = Σ σᵢ·sᵢ + Σ ηᵢ·yᵢ + γ·g, in double precision.
 */
import { checkState, unfit, type OptimizerState } from './state.ts';

/** Inner products of one evaluation, as the step graph reports them. Slots are rows of the stored history. */
export interface Products {
  /** [slots][3]: sₖ with the new (s, y, g). */
  readonly withS: Float32Array;
  /** [slots][3]: yₖ with the new (s, y, g). */
  readonly withY: Float32Array;
  /** [3][3]: the new (s, y, g) among themselves. */
  readonly fresh: Float32Array;
}

export interface Direction {
  /** Coefficients of the stored s and y, and of the current gradient. */
  readonly s: Float32Array;
  readonly y: Float32Array;
  readonly g: number;
  /** g·d, the slope along the direction. */
  readonly slope: number;
}

/** A pair with less curvature than this is not stored (as in torch.optim.LBFGS). */
const MIN_CURVATURE = 1e-10;

const S = 0;
const Y = 1;
const G = 2;

export class History {
  readonly #slots: number;
  /** Occupied slots, oldest first. */
  #order: number[] = [];
  readonly #sy: Float64Array;
  readonly #ss: Float64Array;
  readonly #yy: Float64Array;
  /** Products of the current gradient with the stored vectors, and with itself. */
  readonly #sg: Float64Array;
  readonly #yg: Float64Array;
  #gg = 0;
  #scale = 1;

  constructor(slots: number) {
    this.#slots = slots;
    const matrix = () => new Float64Array(slots * slots);
    [this.#sy, this.#ss, this.#yy] = [matrix(), matrix(), matrix()];
    [this.#sg, this.#yg] = [new Float64Array(slots), new Float64Array(slots)];
  }

  get length(): number {
    return this.#order.length;
  }

  clear(): void {
    this.#order = [];
    this.#scale = 1;
  }

  /** Its state as plain data. Every product came from the device in float32, so nothing is rounded. */
  snapshot(): OptimizerState {
    const products = this.#products();
    const arrays = Object.fromEntries(
      Object.entries(products).map(([name, values]) => [name, Float32Array.from(values)]),
    );
    const order = Float32Array.from(this.#order);
    return { arrays: { ...arrays, order }, numbers: { gg: this.#gg, inverseScale: this.#scale } };
  }

  restore(state: OptimizerState): void {
    const products = this.#products();
    const lengths = Object.fromEntries(
      Object.entries(products).map(([name, values]) => [name, values.length]),
    );
    const { arrays, numbers } = checkState(state, lengths, ['gg', 'inverseScale']);
    const order = Array.from(arrays['order'] ?? []);
    // Occupied slots are the first ones: they fill up in turn, and only then are they used again.
    const permuted = new Set(order).size === order.length && order.length <= this.#slots;
    if (
      !permuted ||
      order.some((slot) => !Number.isInteger(slot) || slot < 0 || slot >= order.length)
    )
      throw unfit('its memory is out of order');
    for (const [name, values] of Object.entries(products)) values.set(arrays[name]!);
    this.#order = order;
    this.#gg = numbers['gg']!;
    this.#scale = numbers['inverseScale']!;
  }

  #products(): Record<string, Float64Array> {
    return { sy: this.#sy, ss: this.#ss, yy: this.#yy, sg: this.#sg, yg: this.#yg };
  }

  /** Takes in an evaluation. Returns the slot the new pair belongs in, or null if it is not worth storing. */
  update({ withS, withY, fresh }: Products): number | null {
    const at = (i: number, j: number) => fresh[i * 3 + j]!;
    for (let k = 0; k < this.#slots; k++) {
      this.#sg[k] = withS[k * 3 + G]!;
      this.#yg[k] = withY[k * 3 + G]!;
    }
    this.#gg = at(G, G);
    const curvature = at(S, Y);
    if (!(curvature > MIN_CURVATURE)) return null;
    const slot = this.#order.length < this.#slots ? this.#order.length : this.#order.shift()!;
    const set = (matrix: Float64Array, row: number, column: number, value: number) => {
      matrix[row * this.#slots + column] = value;
    };
    for (const k of this.#order) {
      set(this.#sy, k, slot, withS[k * 3 + Y]!);
      set(this.#sy, slot, k, withY[k * 3 + S]!);
      for (const [row, column] of [
        [k, slot],
        [slot, k],
      ] as const) {
        set(this.#ss, row, column, withS[k * 3 + S]!);
        set(this.#yy, row, column, withY[k * 3 + Y]!);
      }
    }
    set(this.#sy, slot, slot, curvature);
    set(this.#ss, slot, slot, at(S, S));
    set(this.#yy, slot, slot, at(Y, Y));
    this.#sg[slot] = at(S, G);
    this.#yg[slot] = at(Y, G);
    this.#order.push(slot);
    this.#scale = curvature / at(Y, Y);
    return slot;
  }

  /** −H·g by the two-loop recursion (Nocedal and Wright 2006, algorithm 7.4). Steepest descent without history. */
  direction(): Direction {
    const n = this.#slots;
    const s = new Float64Array(n);
    const y = new Float64Array(n);
    let g = -1;
    const alphas = new Float64Array(n);
    const withStored = (matrix: Float64Array, row: number, coefficients: Float64Array) =>
      this.#order.reduce((sum, k) => sum + coefficients[k]! * matrix[row * n + k]!, 0);
    for (const k of this.#order.toReversed()) {
      const sq = withStored(this.#sy, k, y) + g * this.#sg[k]!;
      alphas[k] = sq / this.#sy[k * n + k]!;
      y[k]! -= alphas[k];
    }
    g *= this.#scale;
    for (const k of this.#order) y[k]! *= this.#scale;
    for (const k of this.#order) {
      const sy = this.#order.reduce((sum, i) => sum + s[i]! * this.#sy[i * n + k]!, 0);
      const yq = sy + withStored(this.#yy, k, y) + g * this.#yg[k]!;
      s[k]! += alphas[k]! - yq / this.#sy[k * n + k]!;
    }
    const slope = this.#order.reduce(
      (sum, k) => sum + s[k]! * this.#sg[k]! + y[k]! * this.#yg[k]!,
      g * this.#gg,
    );
    return { s: Float32Array.from(s), y: Float32Array.from(y), g, slope };
  }
}
