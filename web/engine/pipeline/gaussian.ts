/** Pictures as Gaussians: means and covariances, and the least movement that carries one to another. */

/** Of `size` channels: mean [size], covariance [size, size]. */
export interface Gaussian {
  readonly size: number;
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/** x ↦ matrix·x + shift. */
export interface AffineMap {
  /** [size, size] */
  readonly matrix: Float64Array;
  readonly shift: Float64Array;
}

/** From a mean and a second raw moment, E[x·xᵀ]. */
export function gaussianOf(mean: ArrayLike<number>, second: ArrayLike<number>): Gaussian {
  const size = mean.length;
  const covariance = Float64Array.from(
    { length: size * size },
    (_, i) => second[i]! - mean[Math.floor(i / size)]! * mean[i % size]!,
  );
  return { size, mean: Float64Array.from(mean), covariance };
}

/** Of several planes [size, area] one after the other. */
export function measureGaussian(planes: Float32Array, size: number): Gaussian {
  const area = planes.length / size;
  const mean = new Float64Array(size);
  const second = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let k = 0; k < area; k++) sum += planes[i * area + k]!;
    mean[i] = sum / area;
    for (let j = 0; j <= i; j++) {
      let product = 0;
      for (let k = 0; k < area; k++) product += planes[i * area + k]! * planes[j * area + k]!;
      second[i * size + j] = second[j * size + i] = product / area;
    }
  }
  return gaussianOf(mean, second);
}

/** Means and second raw moments mixed linearly, as the style loss mixes styles. Weights sum to 1. */
export function mixGaussians(
  parts: readonly { readonly gaussian: Gaussian; readonly weight: number }[],
): Gaussian {
  const { size } = parts[0]!.gaussian;
  const mean = new Float64Array(size);
  const second = new Float64Array(size * size);
  for (const { gaussian, weight } of parts) {
    for (let i = 0; i < size; i++) {
      mean[i]! += weight * gaussian.mean[i]!;
      for (let j = 0; j < size; j++) {
        const at = i * size + j;
        second[at]! += weight * (gaussian.covariance[at]! + gaussian.mean[i]! * gaussian.mean[j]!);
      }
    }
  }
  return gaussianOf(mean, second);
}

/**
 * The optimal map from N(m, C) to N(n, T): x ↦ A·(x − m) + n with A = C^−½·(C^½·T·C^½)^½·C^−½ (Gelbrich 1990; Lu et al.
 * 2019, arXiv:1906.11818, equation 10), `ridge` added to both variances.
 *
 * @param strength 0: nothing moves, 1: all the way; between them the Gaussians on the shortest way from the one to the
 *   other (McCann's interpolation)
 */
export function optimalMap(from: Gaussian, to: Gaussian, ridge: number, strength = 1): AffineMap {
  const { size } = from;
  const own = eigen(withRidge(from.covariance, size, ridge), size);
  const root = powerOf(own, size, 0.5);
  const back = powerOf(own, size, -0.5);
  const inner = product(product(root, withRidge(to.covariance, size, ridge), size), root, size);
  const full = product(product(back, powerOf(eigen(inner, size), size, 0.5), size), back, size);
  const matrix = full.map(
    (value, i) => strength * value + (i % (size + 1) === 0 ? 1 - strength : 0),
  );
  const shift = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let moved = from.mean[i]! + strength * (to.mean[i]! - from.mean[i]!);
    for (let j = 0; j < size; j++) moved -= matrix[i * size + j]! * from.mean[j]!;
    shift[i] = moved;
  }
  return { matrix, shift };
}

/** Where `map` carries the Gaussian. */
export function carried({ size, mean, covariance }: Gaussian, map: AffineMap): Gaussian {
  const moved = Float64Array.from(map.shift, (value, i) => {
    let sum = value;
    for (let j = 0; j < size; j++) sum += map.matrix[i * size + j]! * mean[j]!;
    return sum;
  });
  const half = product(map.matrix, covariance, size);
  return { size, mean: moved, covariance: product(half, transposed(map.matrix, size), size) };
}

function withRidge(matrix: Float64Array, size: number, ridge: number): Float64Array {
  const out = matrix.slice();
  for (let i = 0; i < size; i++) out[i * (size + 1)]! += ridge;
  return out;
}

function transposed(matrix: Float64Array, size: number): Float64Array {
  return matrix.map((_, i) => matrix[(i % size) * size + Math.floor(i / size)]!);
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k]!;
      for (let j = 0; j < size; j++) out[i * size + j]! += factor * b[k * size + j]!;
    }
  }
  return out;
}

interface Eigen {
  readonly values: Float64Array;
  /** Rows are eigenvectors. */
  readonly vectors: Float64Array;
}

const LEAST = 1e-12;

/** vectorsᵀ · diag(values^exponent) · vectors */
function powerOf({ values, vectors }: Eigen, size: number, exponent: number): Float64Array {
  const scaled = vectors.map(
    (value, i) => value * Math.max(values[Math.floor(i / size)]!, LEAST) ** exponent,
  );
  return product(transposed(vectors, size), scaled, size);
}

const MAX_SWEEPS = 30;
/** What is left beside the diagonal, against the whole, when the sweeps end. */
const CONVERGED = 1e-22;

/** Of a symmetric matrix, by cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, section 8.5). */
function eigen(symmetric: Float64Array, size: number): Eigen {
  const a = symmetric.slice();
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * (size + 1)] = 1;
  const whole = a.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let beside = 0;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) beside += a[p * size + q]! ** 2;
    if (beside <= CONVERGED * whole) break;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) rotate(a, vectors, size, p, q);
  }
  return { values: Float64Array.from({ length: size }, (_, i) => a[i * (size + 1)]!), vectors };
}

/** Makes a[p, q] zero. */
function rotate(a: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const off = a[p * size + q]!;
  if (off === 0) return;
  const theta = (a[q * (size + 1)]! - a[p * (size + 1)]!) / (2 * off);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < size; k++) {
    const [i, j] = [k * size + p, k * size + q];
    const [x, y] = [a[i]!, a[j]!];
    a[i] = c * x - s * y;
    a[j] = s * x + c * y;
  }
  for (let k = 0; k < size; k++) {
    const [i, j] = [p * size + k, q * size + k];
    const [x, y] = [a[i]!, a[j]!];
    a[i] = c * x - s * y;
    a[j] = s * x + c * y;
    const [u, v] = [vectors[i]!, vectors[j]!];
    vectors[i] = c * u - s * v;
    vectors[j] = s * u + c * v;
  }
}
