import type { Matrix, Posterior } from '@foothold/core';
import { identity } from '../inference/dense.ts';
import type { Fitted } from './fitted.ts';

/**
 * L⁻¹, n×n lower triangular, of the observations' covariance with noise K = L·Lᵀ, so that K⁻¹ = L⁻ᵀL⁻¹. Undefined for a posterior that is not this
 * package's.
 */
export async function inverseFactorOf(posterior: Posterior): Promise<Matrix | undefined> {
  const latent: Posterior & { readonly fitted?: Fitted } = posterior.latent?.posterior ?? posterior;
  const { fitted } = latent;
  return fitted?.linalg.solveTriangular(fitted.fit.factor, identity(fitted.z.length));
}
