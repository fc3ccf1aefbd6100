import { NotPositiveDefiniteError } from '@foothold/core';

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
