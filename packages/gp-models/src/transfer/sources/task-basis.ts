/**
 * One source's Gaussian process as a basis: what it has learnt is a mean, and variance that is gone.
 *
 * X, z  the source's points and standardized values; K = k(X, X) + νI = L·Lᵀ
 * μ(x) = k(x, X)·K⁻¹z, φ(x) = L⁻¹k(X, x), so that the source's posterior covariance is k(x, x′) − φ(x)·φ(x′)
 */
import { type Dataset, type Kernel, type LinearAlgebra, matrix } from '@foothold/core';
import { addToDiagonal } from '../../inference/dense.ts';
import { type FeatureBasis, spanBasis } from './feature-basis.ts';

export async function taskBasis(
  { x, y }: Dataset,
  {
    kernel,
    noise,
    linalg,
  }: { readonly kernel: Kernel; readonly noise: number; readonly linalg: LinearAlgebra },
): Promise<FeatureBasis> {
  const n = x.rows;
  const factor = await linalg.cholesky(addToDiagonal(kernel.covariance(x, x), noise));
  // [L⁻¹z I], so that L⁻ᵀ of it is [K⁻¹z L⁻ᵀ].
  const right = matrix(n, n + 1);
  const white = await linalg.solveTriangular(factor, matrix(n, 1, y));
  for (let i = 0; i < n; i++) {
    right.data[i * (n + 1)] = white.data[i]!;
    right.data[i * (n + 1) + 1 + i] = 1;
  }
  return spanBasis(kernel, x, await linalg.solveTriangular(factor, right, { transpose: true }));
}
