/**
 * One picture's colours given another's mean and covariance by a linear map x → A(x − μ) + μ′ with AΣAᵀ = Σ′ (Gatys et
 * al. 2017, "Controlling Perceptual Factors in Neural Style Transfer", arXiv:1611.07865, section 5.1). Of the maps that do
 * so, the one that moves colours least: A = Σ^-½ (Σ^½ Σ′ Σ^½)^½ Σ^-½ (Pitié and Kokaram 2007, "The linear
 * Monge-Kantorovitch linear colour mapping for example-based colour transfer", equation 4).
 */
import type { Planes } from './pixels.ts';

/** Row by row; symmetric where it is a covariance. */
type Matrix = readonly (readonly [number, number, number])[];
type Vector = readonly [number, number, number];

/** Of colours in 0..1. */
export interface Palette {
  readonly mean: Vector;
  readonly covariance: Matrix;
}

/** Keeps a picture of one colour from being divided by nothing: a deviation of a third of a grey level. */
const TINY = 1e-6;

/**
 * Mean and covariance of RGB planes.
 *
 * @param data at least three planes of `area`, 0..1
 * @param cover how much each pixel counts; left out: all alike
 */
export function paletteOf(data: Float32Array, area: number, cover?: Float32Array): Palette {
  const sums = [0, 0, 0];
  const products = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  let count = 0;
  for (let i = 0; i < area; i++) {
    const part = cover ? cover[i]! : 1;
    count += part;
    for (let c = 0; c < 3; c++) {
      const value = part * data[c * area + i]!;
      sums[c]! += value;
      for (let d = 0; d <= c; d++) products[3 * c + d]! += value * data[d * area + i]!;
    }
  }
  const mean = vector((c) => sums[c]! / count);
  const moment = (c: number, d: number) => products[3 * Math.max(c, d) + Math.min(c, d)]! / count;
  return { mean, covariance: matrix((c, d) => moment(c, d) - mean[c]! * mean[d]!) };
}

/** The palette of several pictures seen together, each with its share; shares sum to 1. */
export function blendPalettes(parts: readonly (readonly [Palette, number])[]): Palette {
  const sum = (of: (palette: Palette) => number) =>
    parts.reduce((total, [palette, share]) => total + share * of(palette), 0);
  const mean = vector((c) => sum((p) => p.mean[c]!));
  const covariance = matrix(
    (c, d) => sum((p) => p.covariance[c]![d]! + p.mean[c]! * p.mean[d]!) - mean[c]! * mean[d]!,
  );
  return { mean, covariance };
}

/** RGB planes with the palette `to` where `cover` counts them, cut to 0..1; further planes (alpha) as they were. */
export function withPalette(picture: Planes, to: Palette, cover?: Float32Array): Planes {
  const area = picture.width * picture.height;
  const from = paletteOf(picture.data, area, cover);
  const map = monge(from.covariance, to.covariance);
  const data = picture.data.slice();
  for (let i = 0; i < area; i++) {
    const centred = vector((c) => picture.data[c * area + i]! - from.mean[c]!);
    for (let c = 0; c < 3; c++) {
      const value = dot(map[c]!, centred) + to.mean[c]!;
      data[c * area + i] = Math.min(1, Math.max(0, value));
    }
  }
  return { ...picture, data };
}

function monge(from: Matrix, to: Matrix): Matrix {
  const root = power(from, 0.5);
  const inverse = power(from, -0.5);
  return times(times(inverse, power(times(times(root, to), root), 0.5)), inverse);
}

/** A symmetric matrix to a power, by its eigenvalues, which are kept above TINY². */
function power(m: Matrix, exponent: number): Matrix {
  const { values, vectors } = eigen(m);
  const raised = values.map((value) => Math.max(value, TINY ** 2) ** exponent);
  return matrix((c, d) =>
    raised.reduce((sum, value, k) => sum + vectors[c]![k]! * value * vectors[d]![k]!, 0),
  );
}

/** Jacobi's method (Golub and Van Loan, Matrix Computations, section 8.5); columns of `vectors` are the eigenvectors. */
function eigen(m: Matrix): { readonly values: Vector; readonly vectors: Matrix } {
  let a = m;
  let vectors: Matrix = matrix((c, d) => Number(c === d));
  // Quadratic convergence: six sweeps are more than doubles can show.
  for (let sweep = 0; sweep < 6; sweep++) {
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      if (a[p]![q] === 0) continue;
      const theta = 0.5 * Math.atan2(2 * a[p]![q], a[q]![q] - a[p]![p]);
      const [cos, sin] = [Math.cos(theta), Math.sin(theta)];
      const turn = matrix((c, d) => {
        if (c === d) return c === p || c === q ? cos : 1;
        if (c === p && d === q) return sin;
        return c === q && d === p ? -sin : 0;
      });
      a = times(times(transposed(turn), a), turn);
      vectors = times(vectors, turn);
    }
  }
  return { values: vector((c) => a[c]![c]!), vectors };
}

const vector = (of: (c: number) => number): Vector => [of(0), of(1), of(2)];
const matrix = (of: (c: number, d: number) => number): Matrix =>
  [0, 1, 2].map((c) => vector((d) => of(c, d)));
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const transposed = (m: Matrix): Matrix => matrix((c, d) => m[d]![c]!);
const times = (a: Matrix, b: Matrix): Matrix => {
  const columns = transposed(b);
  return matrix((c, d) => dot(a[c]!, columns[d]!));
};
