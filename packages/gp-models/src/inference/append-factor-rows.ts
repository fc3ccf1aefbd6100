import { type LinearAlgebra, type Matrix, matrix } from '@foothold/core';

/** `appendRows` of a backend without it, by its three operations: the factor of a matrix that grew by k rows (k×(n+k)), O(k·n²). Throws NotPositiveDefiniteError. */
export async function appendFactorRows(linalg: LinearAlgebra, l: Matrix, rows: Matrix): Promise<Matrix> {
  const n = l.rows;
  const k = rows.rows;
  const cross = matrix(n, k);
  const corner = matrix(k, k);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < n; j++) cross.data[j * k + i] = rows.data[i * (n + k) + j]!;
    for (let j = 0; j <= i; j++) corner.data[i * k + j] = rows.data[i * (n + k) + n + j]!;
  }
  const below = await linalg.solveTriangular(l, cross);
  const explained = await linalg.multiply(below, below, { transposeA: true });
  for (let i = 0; i < k * k; i++) corner.data[i] = corner.data[i]! - explained.data[i]!;
  const last = await linalg.cholesky(corner);
  const result = matrix(n + k, n + k);
  for (let i = 0; i < n; i++) result.data.set(l.data.subarray(i * n, (i + 1) * n), i * (n + k));
  for (let i = 0; i < k; i++) {
    const at = (n + i) * (n + k);
    for (let j = 0; j < n; j++) result.data[at + j] = below.data[j * k + i]!;
    result.data.set(last.data.subarray(i * k, (i + 1) * k), at + n);
  }
  return result;
}
