import { type Matrix, matrix } from '@foothold/core';

/** Largest magnitude in the matrix, 0 when it is empty or all zero. */
function largest(a: Matrix): number {
  let max = 0;
  for (const v of a.data) {
    const magnitude = Math.abs(v);
    if (magnitude > max) max = magnitude;
  }
  return max;
}

/**
 * The matrix times a power of two that brings its largest entry near 1, and that power: float32 reaches only to 3e38 and
 * 1e−38, float64 data goes beyond. `squares` keeps to even powers, whose square roots are powers of two as well. Entries that
 * are not finite stay, unscaled.
 */
export function scaled(a: Matrix, squares = false): { readonly matrix: Matrix; readonly factor: number } {
  const max = largest(a);
  if (!(max > 0) || max === Infinity || (max < 1e9 && max > 1e-9)) return { matrix: a, factor: 1 };
  let exponent = Math.floor(Math.log2(max));
  if (squares) exponent -= ((exponent % 2) + 2) % 2;
  // In two steps, since 2^-exponent itself may lie outside the range.
  const half = 2 ** -Math.trunc(exponent / 2);
  const rest = 2 ** -(exponent - Math.trunc(exponent / 2));
  return {
    matrix: matrix(
      a.rows,
      a.columns,
      a.data.map((v) => v * half * rest),
    ),
    factor: 2 ** exponent,
  };
}

/** Each entry times the factor. */
export function times(a: Matrix, factor: number): Matrix {
  return factor === 1
    ? a
    : matrix(
        a.rows,
        a.columns,
        a.data.map((v) => v * factor),
      );
}
