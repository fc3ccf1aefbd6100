import { NotPositiveDefiniteError } from '@foothold/core';

/**
 * Cholesky factorization row by row.
 *
 * l    n×n row-major: rows below `from` are finished, the others hold the lower triangle of the matrix
 * lᵢⱼ  (aᵢⱼ − Σ_{k<j} lᵢₖ lⱼₖ) / lⱼⱼ, each sum from small k to large
 */

/** Finishes the columns from … row of the rows from … n−1, whose columns left of `from` are finished. Throws NotPositiveDefiniteError with the first pivot that is not positive and finite. */
export function finishRows(l: Float64Array, n: number, from: number): void {
  for (let row = from; row < n; row++) finishRow(l, n, { row, from });
}

/** Entries row×[from, row] by plain sums. */
export function finishRow(l: Float64Array, n: number, { row, from }: { row: number; from: number }): void {
  const at = row * n;
  for (let j = from; j < row; j++) {
    const other = j * n;
    let sum = l[at + j]!;
    for (let k = 0; k < j; k++) sum -= l[at + k]! * l[other + k]!;
    l[at + j] = sum / l[other + j]!;
  }
  let pivot = l[at + row]!;
  for (let k = 0; k < row; k++) pivot -= l[at + k]! * l[at + k]!;
  if (!(pivot > 0 && pivot < Infinity)) throw new NotPositiveDefiniteError(row, pivot);
  l[at + row] = Math.sqrt(pivot);
}
