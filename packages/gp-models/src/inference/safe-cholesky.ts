import { type LinearAlgebra, type Matrix, matrix } from '@foothold/core';
import { addToDiagonal } from './dense.ts';
import { withJitter } from './with-jitter.ts';

/**
 * The lower factor of `a` with the smallest of these jitters on its diagonal that it needs; `a` stays as it is. Throws
 * NotPositiveDefiniteError where none suffices.
 */
export async function safeCholesky(
  linalg: LinearAlgebra,
  a: Matrix,
  jitters: readonly number[],
): Promise<Matrix> {
  const lifted = (jitter: number) =>
    addToDiagonal(matrix(a.rows, a.columns, Float64Array.from(a.data)), jitter);
  const { result } = await withJitter(jitters, async (jitter) => linalg.cholesky(lifted(jitter)));
  return result;
}
