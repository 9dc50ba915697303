/**
 * Winograd's minimal filtering F(4x4, 3x3) (Lavin and Gray 2016, arXiv:1509.09308, section 4): tiles of 4 x 4 outputs from
 * 6 x 6 inputs with 36 multiplications in place of 144,
 *
 *     Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A
 *
 * summed over the input channels, which makes 36 matrix products [tiles, C] x [C, Cout].
 */
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { float32 } from '../graph/tensor.ts';

/** Outputs of a tile along one axis. */
export const TILE = 4;
/** Inputs it takes. */
export const WINDOW = 6;

const B_T = [
  [4, 0, -5, 0, 1, 0],
  [0, -4, -4, 1, 1, 0],
  [0, 4, -4, -1, 1, 0],
  [0, -2, -1, 2, 1, 0],
  [0, 2, -1, -2, 1, 0],
  [0, 4, 0, -5, 0, 1],
];
const G = [
  [1 / 4, 0, 0],
  [-1 / 6, -1 / 6, -1 / 6],
  [-1 / 6, 1 / 6, -1 / 6],
  [1 / 24, 1 / 12, 1 / 6],
  [1 / 24, -1 / 12, 1 / 6],
  [0, 0, 1],
];
const A_T = [
  [1, 1, 1, 1, 1, 0],
  [0, 1, -1, 2, -2, 0],
  [0, 1, 1, 4, 4, 0],
  [0, 1, -1, 8, -8, 1],
];

const matrix = (b: GraphBuilder, rows: readonly (readonly number[])[], name: string): Value =>
  b.initializer(float32([rows.length, rows[0]!.length], rows.flat()), name);

/** The Kronecker product of a matrix with itself. */
const squared = (rows: readonly (readonly number[])[]): number[][] =>
  rows.flatMap((row) => rows.map((other) => row.flatMap((x) => other.map((y) => x * y))));

/** The three matrices of one graph. */
export class Winograd {
  readonly #b: GraphBuilder;
  readonly #input: Value;
  readonly #kernel: Value;
  readonly #output: Value;
  readonly #kernels = new Map<Value, Value>();

  constructor(b: GraphBuilder) {
    this.#b = b;
    this.#input = matrix(b, B_T, 'winograd.input');
    this.#kernel = matrix(b, squared(G), 'winograd.kernel');
    this.#output = matrix(b, A_T, 'winograd.output');
  }

  /** G g Gᵀ: [Cout, C, 3, 3] to [36, C, Cout]. Of constants alone, so the runtime does it once, when it loads. */
  kernels(weights: Value): Value {
    const known = this.#kernels.get(weights);
    if (known) return known;
    const [out, from] = weights.dims as [number, number];
    const taps = this.#b.reshape(this.#b.transpose(weights, [2, 3, 1, 0]), [9, from * out]);
    const product = this.#b.matMul(this.#kernel, taps);
    const own = this.#b.reshape(product, [WINDOW ** 2, from, out]);
    this.#kernels.set(weights, own);
    return own;
  }

  /** Bᵀ d along one axis of [..., 6, rest]: along the columns of every row, or along the rows. */
  input(d: Value, dims: readonly number[]): Value {
    return this.#b.matMul(this.#input, this.#b.reshape(d, dims));
  }

  /** Aᵀ m along one axis. */
  output(m: Value, dims: readonly number[]): Value {
    return this.#b.matMul(this.#output, this.#b.reshape(m, dims));
  }
}
