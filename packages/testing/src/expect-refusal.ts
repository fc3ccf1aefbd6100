import {
  matrix,
  type StationaryAlgebra,
  type StationaryKernel,
  type StationaryProblem,
  UnsupportedError,
} from '@foothold/core';
import { expect } from 'vitest';

/** Fails unless every member of the fused arithmetic throws UnsupportedError for a kernel whose family it does not list. */
export async function expectRefusal(
  fused: StationaryAlgebra,
  kernel: StationaryKernel,
  problem: StationaryProblem,
): Promise<void> {
  const { x } = problem;
  const fit = { x, factor: matrix(x.rows, x.rows), alpha: new Float64Array(x.rows) };
  const weights = new Float64Array(x.rows);
  const at = { points: x, whitened: fit.factor, dMean: weights, dVariance: weights };
  const calls = {
    covariance: async () => fused.covariance(kernel, x, x),
    factor: async () => fused.factor(kernel, problem),
    evidence: async () => fused.evidence(kernel, problem),
    predict: async () => fused.predict(kernel, fit, x),
    pullback: async () => fused.pullback(kernel, fit, at),
  };
  for (const [member, call] of Object.entries(calls))
    await expect(call(), `${member} of the family ${kernel.family}`).rejects.toThrow(UnsupportedError);
}
