import { describe, expect, it } from 'vitest';
import {
  carried,
  gaussianOf,
  measureGaussian,
  mixGaussians,
  optimalMap,
  type Gaussian,
} from '../../web/engine/pipeline/gaussian.ts';
import { random } from '../../web/engine/random.ts';

/** A Gaussian with a covariance of full rank, some directions thirty times narrower than others. */
function someGaussian(size: number, seed: number): Gaussian {
  const next = random(seed);
  const factor = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, () => (next() - 0.5) * 10 ** (-1.5 * (i / size))),
  );
  const covariance = Float64Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    return factor.reduce((sum, row) => sum + row[i]! * row[j]!, 0);
  });
  return { size, mean: Float64Array.from({ length: size }, next), covariance };
}

function expectClose(a: ArrayLike<number>, b: ArrayLike<number>, digits: number): void {
  const scale = Math.max(...Array.from(b, Math.abs));
  for (let i = 0; i < b.length; i++) expect((a[i]! - b[i]!) / scale).toBeCloseTo(0, digits);
}

describe('the optimal map between Gaussians', () => {
  it.each([3, 17, 64])('carries mean and covariance of %i channels exactly', (size) => {
    const [from, to] = [someGaussian(size, 1), someGaussian(size, 2)];
    const moved = carried(from, optimalMap(from, to, 0));
    expectClose(moved.mean, to.mean, 8);
    expectClose(moved.covariance, to.covariance, 8);
  });

  it('is symmetric, and so the one of least movement', () => {
    const { matrix } = optimalMap(someGaussian(5, 3), someGaussian(5, 4), 1e-3);
    for (let i = 0; i < 5; i++)
      for (let j = 0; j < i; j++) expect(matrix[i * 5 + j]).toBeCloseTo(matrix[j * 5 + i]!, 9);
  });

  it('moves nothing at strength 0, and goes the shortest way between', () => {
    const [from, to] = [someGaussian(4, 5), someGaussian(4, 6)];
    const still = optimalMap(from, to, 1e-3, 0);
    expectClose(carried(from, still).covariance, from.covariance, 12);
    expectClose(carried(from, still).mean, from.mean, 12);
    const whole = optimalMap(from, to, 1e-3);
    const half = optimalMap(from, to, 1e-3, 0.5);
    // Every point stops half way.
    const x = [0.3, -0.2, 0.5, 0.1];
    const at = ({ matrix, shift }: typeof whole, i: number) =>
      x.reduce((sum, value, j) => sum + matrix[i * 4 + j]! * value, shift[i]!);
    for (let i = 0; i < 4; i++) expect(at(half, i)).toBeCloseTo((x[i]! + at(whole, i)) / 2, 10);
  });

  it('stays finite for a picture of one colour', () => {
    const flat = measureGaussian(new Float32Array(30).fill(0.5), 3);
    const { matrix, shift } = optimalMap(flat, someGaussian(3, 7), 1e-5);
    for (const value of [...matrix, ...shift]) expect(value).toSatisfy(Number.isFinite);
  });
});

describe('mixtures of Gaussians', () => {
  it('have the moments of both pictures side by side', () => {
    const next = random(8);
    const planes = (count: number) => Float32Array.from({ length: 3 * count }, next);
    const [a, b] = [planes(30), planes(10)];
    const both = new Float32Array(120);
    for (let c = 0; c < 3; c++) {
      both.set(a.subarray(30 * c, 30 * c + 30), 40 * c);
      both.set(b.subarray(10 * c, 10 * c + 10), 40 * c + 30);
    }
    const mixed = mixGaussians([
      { gaussian: measureGaussian(a, 3), weight: 0.75 },
      { gaussian: measureGaussian(b, 3), weight: 0.25 },
    ]);
    expectClose(mixed.mean, measureGaussian(both, 3).mean, 7);
    expectClose(mixed.covariance, measureGaussian(both, 3).covariance, 7);
  });

  it('come of means and second moments', () => {
    expect(gaussianOf([1, 2], [3, 2, 2, 9]).covariance).toEqual(Float64Array.from([2, 0, 0, 5]));
  });
});
