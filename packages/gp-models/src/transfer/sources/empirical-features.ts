/**
 * The empirical mean and covariance of tasks at fixed points, as [μ F] (the notation is that of shared-basis.ts).
 */
import { type LinearAlgebra, type Matrix, matrix, rowOf } from '@foothold/core';
import { preparationDefaults } from '../defaults.ts';

/** Weighted mean and variance of the columns' means, which are subtracted from `w` in place. */
export function centreColumns(w: Matrix, shares: readonly number[]) {
  const means = shares.map((_, j) => {
    let sum = 0;
    for (let i = 0; i < w.rows; i++) sum += w.data[i * w.columns + j]!;
    return sum / w.rows;
  });
  for (let i = 0; i < w.data.length; i++) w.data[i] = w.data[i]! - means[i % w.columns]!;
  const mean = means.reduce((sum, u, j) => sum + shares[j]! * u, 0);
  const variance = means.reduce((sum, u, j) => sum + shares[j]! * (u - mean) ** 2, 0);
  return { mean, variance };
}

/**
 * [μ F], M×(1 + S); the shares are those of a sample, hence S/(S − 1).
 *
 * F is damped: where the squares of the differences below μ have the larger sum, these are scaled down to the sum of those above.
 * A setting that fails on some tasks has a large variance and yet is not promising; a Gaussian prior is symmetric and would
 * take that variance for a chance of good values.
 */
export function meanAndDampedDifferences(w: Matrix, shares: readonly number[]): Matrix {
  const s = w.columns;
  const result = matrix(w.rows, 1 + s);
  const correction = s > 1 ? s / (s - 1) : 0;
  for (let i = 0; i < w.rows; i++) {
    const row = rowOf(w, i);
    let mean = 0;
    for (let j = 0; j < s; j++) mean += shares[j]! * row[j]!;
    result.data[i * (1 + s)] = mean;
    const damping = dampingOf(row, mean, shares);
    for (let j = 0; j < s; j++) {
      const difference = row[j]! - mean;
      result.data[i * (1 + s) + 1 + j] =
        Math.sqrt(shares[j]! * correction) * (difference < 0 ? damping * difference : difference);
    }
  }
  return result;
}

/** Factor of the differences below the mean, in [0, 1]. */
function dampingOf(row: Float64Array, mean: number, shares: readonly number[]): number {
  let above = 0;
  let below = 0;
  for (let j = 0; j < row.length; j++) {
    const difference = row[j]! - mean;
    if (difference > 0) above += shares[j]! * difference * difference;
    else below += shares[j]! * difference * difference;
  }
  return below > above ? Math.sqrt(above / below) : 1;
}

/** [μ F] with F in at most `maxRank` columns of nearly the same F·Fᵀ, by a pivoted Cholesky factor. */
export async function reducedRank(values: Matrix, linalg: LinearAlgebra): Promise<Matrix> {
  const { maxRank } = preparationDefaults;
  const m = values.rows;
  const s = values.columns - 1;
  if (s <= maxRank) return values;
  const f = matrix(m, s);
  for (let i = 0; i < m; i++) f.data.set(rowOf(values, i).subarray(1), i * s);
  const root = pivotedFactor(await linalg.multiply(f, f, { transposeB: true }), Math.min(maxRank, m));
  const result = matrix(m, 1 + root.columns);
  for (let i = 0; i < m; i++) {
    result.data[i * result.columns] = values.data[i * (s + 1)]!;
    result.data.set(rowOf(root, i), i * result.columns + 1);
  }
  return result;
}

/** L, m×rank, of the best pivots, so that L·Lᵀ is about the positive semidefinite `c`; columns beyond its own rank are 0. */
function pivotedFactor(c: Matrix, rank: number): Matrix {
  const m = c.rows;
  const l = matrix(m, rank);
  const left = Float64Array.from({ length: m }, (_, i) => c.data[i * m + i]!);
  const trace = left.reduce((a, b) => a + b, 0);
  for (let k = 0; k < rank; k++) {
    const pivot = left.reduce((best, v, i) => (v > left[best]! ? i : best), 0);
    if (left[pivot]! <= 1e-12 * trace) break;
    const root = Math.sqrt(left[pivot]!);
    for (let i = 0; i < m; i++) {
      let value = c.data[i * m + pivot]!;
      for (let q = 0; q < k; q++) value -= l.data[i * rank + q]! * l.data[pivot * rank + q]!;
      l.data[i * rank + k] = value / root;
    }
    for (let i = 0; i < m; i++) left[i] = Math.max(left[i]! - l.data[i * rank + k]! ** 2, 0);
    left[pivot] = 0;
  }
  return l;
}
