import { type LinearAlgebra, type Matrix, matrix } from '@foothold/core';

/** aᵀ, copied. */
export function transposed(a: Matrix): Matrix {
  const { rows, columns, data } = a;
  const result = matrix(columns, rows);
  for (let i = 0; i < rows; i++)
    for (let j = 0, at = i * columns; j < columns; j++, at++) result.data[j * rows + i] = data[at]!;
  return result;
}

/** A column, n×1, on the same memory. */
export function columnOf(values: Float64Array): Matrix {
  return matrix(values.length, 1, values);
}

export function identity(n: number): Matrix {
  const result = matrix(n, n);
  for (let i = 0; i < n; i++) result.data[i * n + i] = 1;
  return result;
}

/** The rows of `a`, then those of `b`. */
export function stacked(a: Matrix, b: Matrix): Matrix {
  const result = matrix(a.rows + b.rows, a.columns);
  result.data.set(a.data);
  result.data.set(b.data, a.data.length);
  return result;
}

/** These rows of `a`, copied. */
export function rowsOf(a: Matrix, indices: ArrayLike<number>): Matrix {
  const d = a.columns;
  const result = matrix(indices.length, d);
  for (let i = 0; i < indices.length; i++)
    result.data.set(a.data.subarray(indices[i]! * d, (indices[i]! + 1) * d), i * d);
  return result;
}

/** (L·Lᵀ)⁻¹ y. */
export async function choleskySolve(
  linalg: LinearAlgebra,
  l: Matrix,
  y: Float64Array,
): Promise<Float64Array> {
  const half = await linalg.solveTriangular(l, columnOf(y));
  return (await linalg.solveTriangular(l, half, { transpose: true })).data;
}

/** The factor of a matrix that grew by k rows (k×(n+k)), O(k·n²). Throws NotPositiveDefiniteError. */
export async function appendFactorRows(linalg: LinearAlgebra, l: Matrix, rows: Matrix): Promise<Matrix> {
  if (linalg.appendRows) return linalg.appendRows(l, rows);
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
