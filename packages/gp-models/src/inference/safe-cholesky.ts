import { type LinearAlgebra, type Matrix, matrix, NotPositiveDefiniteError } from '@foothold/core';
import { addToDiagonal } from './dense.ts';

/**
 * The result of the attempt with the smallest jitter that finds its matrix positive definite, and that jitter. `jitters` ascend.
 * Throws the NotPositiveDefiniteError of the largest one where all fail, and errors of another kind at once.
 */
export async function withJitter<T>(
  jitters: readonly number[],
  attempt: (jitter: number) => Promise<T>,
): Promise<{ readonly result: T; readonly jitter: number }> {
  let failure: unknown;
  for (const jitter of jitters)
    try {
      return { result: await attempt(jitter), jitter };
    } catch (error) {
      if (!(error instanceof NotPositiveDefiniteError)) throw error;
      failure = error;
    }
  throw failure;
}

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
