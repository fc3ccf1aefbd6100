/**
 * Draws from a multivariate normal distribution whose covariance may be singular, by Cholesky with complete pivoting
 * (Higham 2002, "Accuracy and Stability of Numerical Algorithms", §10.3): it stops at the numerical rank, so that points
 * known exactly, and points twice, need no jitter.
 *
 * l  m×r, row i belongs to point i, l·lᵀ = covariance
 */
import { type Matrix, matrix, type Rng, ShapeError } from '@foothold/core';
import { standardNormal } from './normal.ts';

/** A diagonal that has shrunk by this share is rounding. */
const negligible = 1e-12;

/** l of a symmetric positive semidefinite matrix, m×r with r its numerical rank. Throws ShapeError unless it is square. */
export function semidefiniteRoot(covariance: Matrix): Matrix {
  const m = covariance.rows;
  if (covariance.columns !== m)
    throw new ShapeError(`a covariance is square, this one is ${m}×${covariance.columns}`);
  const rest = Float64Array.from({ length: m }, (_, i) => covariance.data[i * m + i]!);
  const smallest = negligible * rest.reduce((a, b) => Math.max(a, b), 0);
  const used = new Uint8Array(m);
  const found: Float64Array[] = [];
  while (found.length < m) {
    let pivot = -1;
    for (let i = 0; i < m; i++) if (!used[i] && (pivot < 0 || rest[i]! > rest[pivot]!)) pivot = i;
    if (!(rest[pivot]! > smallest)) break;
    used[pivot] = 1;
    const column = new Float64Array(m);
    for (let i = 0; i < m; i++) column[i] = covariance.data[pivot * m + i]!;
    for (const earlier of found) {
      const factor = earlier[pivot]!;
      for (let i = 0; i < m; i++) column[i] = column[i]! - factor * earlier[i]!;
    }
    const root = Math.sqrt(rest[pivot]!);
    for (let i = 0; i < m; i++) {
      column[i] = used[i] && i !== pivot ? 0 : column[i]! / root;
      rest[i] = Math.max(rest[i]! - column[i]! ** 2, 0);
    }
    column[pivot] = root;
    found.push(column);
  }
  const l = matrix(m, found.length);
  found.forEach((column, k) => {
    for (let i = 0; i < m; i++) l.data[i * found.length + k] = column[i]!;
  });
  return l;
}

/** One draw of mean + l·z, m, with z standard normal. */
export function jointDraw(mean: Float64Array, l: Matrix, rng: Rng): Float64Array {
  const r = l.columns;
  const z = Float64Array.from({ length: r }, () => standardNormal(rng));
  return mean.map((u, i) => {
    let sum = u;
    for (let k = 0; k < r; k++) sum += l.data[i * r + k]! * z[k]!;
    return sum;
  });
}
