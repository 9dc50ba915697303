/** Roots of covariance matrices by Newton-Schulz iterations, which are matrix products alone. */
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { float32 } from '../graph/tensor.ts';
import { normal, random } from '../random.ts';

/**
 * Added to the diagonal of every covariance. In layers whose activations are of the order of 1 it is far below every
 * variance that counts, and keeps the roots of flat pictures (few directions, or none) well defined.
 */
export const REGULARISATION = 1e-4;

/** Each iteration more than doubles the range of eigenvalues that have arrived: twelve reach from 1 down to 1e-4. */
const ITERATIONS = 12;

/** Keeps the norm of a matrix of zeros from dividing by nothing. */
const TINY = 1e-30;

/** Relative error of S where all positions are alike: roundings are of one sign, and GPUs add up 10⁵ numbers in a row. */
const ROUNDING = 1e-3;

/**
 * Σ = S − μμᵀ, regularised. `mean`: [C, 1], `second`: [C, C]. Of a flat picture the difference is what rounding left of S,
 * with eigenvalues below zero, at which the iteration diverges: so all directions get what variance there is too little.
 * Photos and paintings have hundreds of times as much, and get nothing.
 */
export function covariance(b: GraphBuilder, mean: Value, second: Value): Value {
  const centred = b.sub(second, b.matMul(mean, b.transposeLast(mean)));
  const total = trace(b, b.detach(second));
  const unvaried = b.sum(b.square(b.detach(mean)));
  const missing = b.relu(b.sub(unvaried, b.mul(total, 1 - ROUNDING)));
  const regular = b.mul(identity(b, mean.dims[0]!, 1), b.add(missing, REGULARISATION));
  return b.add(centred, regular);
}

/** Sum of a square matrix's diagonal, as a scalar. */
export const trace = (b: GraphBuilder, x: Value): Value =>
  b.sum(b.mul(x, identity(b, x.dims[0]!, 1)));

/** One of a size and value for each graph: they are as large as the covariances themselves. */
const identities = new WeakMap<GraphBuilder, Map<string, Value>>();

function identity(b: GraphBuilder, size: number, value: number): Value {
  const known = identities.get(b) ?? new Map<string, Value>();
  identities.set(b, known);
  const key = `${size} ${value}`;
  const found = known.get(key);
  if (found) return found;
  const matrix = new Float32Array(size * size);
  for (let i = 0; i < size; i++) matrix[i * (size + 1)] = value;
  const made = b.initializer(float32([size, size], matrix), 'identity');
  known.set(key, made);
  return made;
}

interface Roots {
  /** X^½ and X^−½. */
  readonly root: Value;
  readonly inverse: Value;
  /** tr X^½. */
  readonly trace: Value;
}

/**
 * The coupled Newton-Schulz iteration (Higham, Functions of Matrices, 2008, equation 6.35): Y → Y·T, Z → T·Z with
 * T = (3I − Z·Y)/2 from Y = X/‖X‖, Z = I.
 */
function newtonSchulz(b: GraphBuilder, x: Value): Roots {
  const size = x.dims[0]!;
  const norm = b.add(b.sqrt(b.sum(b.square(x))), TINY);
  const scale = b.sqrt(norm);
  const three = identity(b, size, 1.5);
  const towards = (product: Value) => b.sub(three, b.mul(product, 0.5));
  let y = b.div(x, norm);
  let z = towards(y);
  y = b.matMul(y, z);
  for (let i = 1; i < ITERATIONS; i++) {
    const t = towards(b.matMul(z, y));
    y = b.matMul(y, t);
    z = b.matMul(t, z);
  }
  const root = b.mul(y, scale);
  return { root, inverse: b.div(z, scale), trace: trace(b, root) };
}

/** X^½ of a symmetric positive definite matrix. */
export const rootOf = (b: GraphBuilder, x: Value): Value => newtonSchulz(b, x).root;

/** Rounds of orthogonal iteration: enough, as directions that are nearly as long may well be mixed up. */
const ROUNDS = 5;
/** Added to the diagonal in units of the mean variance, so that no direction is lost to rounding. */
const SHIFT = 0.1;

/**
 * An orthonormal basis [C, k] of, nearly, the k leading eigenvectors of a covariance: orthogonal iteration (Golub and Van
 * Loan, Matrix Computations, 4th ed., section 8.2.4). On the host: as a graph it would be thousands of small nodes, which
 * take a second to load.
 *
 * @param sigma [C, C], row by row
 */
export function leadingDirections(
  sigma: ArrayLike<number>,
  size: number,
  count: number,
): Float32Array {
  let trace = 0;
  for (let i = 0; i < size; i++) trace += sigma[i * (size + 1)]!;
  const shift = (trace * SHIFT) / size;
  const gauss = normal(random(1));
  // Directions are rows here: [k, C].
  let basis = orthonormal(Float64Array.from({ length: count * size }, gauss), size);
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(count * size);
    for (let k = 0; k < count; k++)
      for (let j = 0; j < size; j++) {
        const x = basis[k * size + j]!;
        next[k * size + j]! += shift * x;
        for (let i = 0; i < size; i++) next[k * size + i]! += x * sigma[j * size + i]!;
      }
    basis = orthonormal(next, size);
  }
  return Float32Array.from(basis, (_, at) => basis[(at % count) * size + Math.floor(at / count)]!);
}

/** Makes rows orthonormal, in place, by Gram-Schmidt in its modified form; twice, as once leaves what rounding left. */
function orthonormal(rows: Float64Array, size: number): Float64Array {
  for (let k = 0; k * size < rows.length; k++) {
    const row = rows.subarray(k * size, (k + 1) * size);
    for (let pass = 0; pass < 2; pass++)
      for (let other = 0; other < k; other++) {
        const by = rows.subarray(other * size, (other + 1) * size);
        const along = dot(row, by);
        for (let i = 0; i < size; i++) row[i]! -= along * by[i]!;
      }
    const length = Math.sqrt(dot(row, row)) + TINY;
    for (let i = 0; i < size; i++) row[i]! /= length;
  }
  return rows;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/**
 * tr (R·Σ·R)^½, with R fixed. Its derivative with respect to Σ is ½·R·(R·Σ·R)^−½·R, and the iteration has this inverse
 * root at hand: so the iteration itself is not differentiated, nor a Lyapunov equation solved.
 */
export function traceOfRoot(b: GraphBuilder, sigma: Value, root: Value): Value {
  const fixed = b.detach(sigma);
  const inner = b.matMul(b.matMul(root, fixed), root);
  const { inverse, trace } = newtonSchulz(b, inner);
  const slope = b.mul(b.matMul(b.matMul(root, inverse), root), 0.5);
  return b.add(trace, b.sum(b.mul(slope, b.sub(sigma, fixed))));
}
