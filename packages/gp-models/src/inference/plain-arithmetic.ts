import { type Kernel, type LinearAlgebra, type Matrix, matrix } from '@foothold/core';
import type { Arithmetic, Factored, PullbackProblem } from './arithmetic.ts';
import { choleskySolve } from './cholesky-solve.ts';
import { addToDiagonal, identity, transposed } from './dense.ts';

const halfLogTwoPi = 0.9189385332046728;

/** Arithmetic from the kernel's own members and the backend's three operations. */
export function plainArithmetic(linalg: LinearAlgebra): Arithmetic {
  return {
    async evidence(kernel, { x, y, noise }, { inputs = false } = {}) {
      const n = x.rows;
      const factor = await linalg.cholesky(addToDiagonal(kernel.covariance(x, x), noise));
      const alpha = await choleskySolve(linalg, factor, y);
      const inverseFactor = await linalg.solveTriangular(factor, identity(n));
      const inverse = await linalg.multiply(inverseFactor, inverseFactor, { transposeA: true });
      let value = -n * halfLogTwoPi;
      const weights = matrix(n, n);
      const dNoise = new Float64Array(n);
      for (let i = 0; i < n; i++) {
        value -= 0.5 * y[i]! * alpha[i]! + Math.log(factor.data[i * n + i]!);
        for (let j = 0, at = i * n; j < n; j++, at++)
          weights.data[at] = 0.5 * (alpha[i]! * alpha[j]! - inverse.data[at]!);
        dNoise[i] = weights.data[i * n + i]!;
      }
      const dTheta = kernel.thetaGradient(x, weights);
      if (!inputs) return { value, alpha, dTheta, dNoise };
      for (let i = 0; i < n * n; i++) weights.data[i] = 2 * weights.data[i]!;
      return { value, alpha, dTheta, dNoise, dInputs: kernel.inputGradient(x, x, weights) };
    },

    async factor(kernel, { x, y, noise }) {
      const factor = await linalg.cholesky(addToDiagonal(kernel.covariance(x, x), noise));
      return { x, factor, alpha: await choleskySolve(linalg, factor, y) };
    },

    async predict(kernel, { x, factor, alpha }, points) {
      const m = points.rows;
      const n = x.rows;
      const cross = kernel.covariance(x, points);
      const whitened = transposed(await linalg.solveTriangular(factor, cross));
      const mean = new Float64Array(m);
      const variance = kernel.variance(points);
      for (let j = 0; j < n; j++)
        for (let i = 0, at = j * m; i < m; i++, at++) mean[i] = mean[i]! + alpha[j]! * cross.data[at]!;
      for (let i = 0; i < m; i++) {
        let explained = 0;
        for (let at = i * n; at < (i + 1) * n; at++) explained += whitened.data[at]! * whitened.data[at]!;
        variance[i] = Math.max(variance[i]! - explained, 0);
      }
      return { mean, variance, whitened };
    },

    pullback: (kernel, fit, at) => plainPullback(linalg, { kernel, fit, at }),
  };
}

async function plainPullback(
  linalg: LinearAlgebra,
  problem: { readonly kernel: Kernel; readonly fit: Factored; readonly at: PullbackProblem },
): Promise<Matrix> {
  const { kernel, fit, at } = problem;
  const { x, factor, alpha } = fit;
  const { points, whitened, dMean, dVariance } = at;
  const m = points.rows;
  const n = x.rows;
  const solvedCross = await linalg.solveTriangular(factor, transposed(whitened), { transpose: true });
  const weights = matrix(m, n);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++)
      weights.data[i * n + j] = dMean[i]! * alpha[j]! - 2 * dVariance[i]! * solvedCross.data[j * m + i]!;
  const gradient = kernel.inputGradient(points, x, weights);
  if (kernel.stationary) return gradient;
  // ∂k(p, p)/∂p is twice the derivative in the first argument; 0 for stationary kernels.
  const own = matrix(m, m);
  for (let i = 0; i < m; i++) own.data[i * m + i] = 2 * dVariance[i]!;
  const prior = kernel.inputGradient(points, points, own);
  for (let i = 0; i < gradient.data.length; i++) gradient.data[i] = gradient.data[i]! + prior.data[i]!;
  return gradient;
}
