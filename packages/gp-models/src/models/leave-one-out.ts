/**
 * Leave-one-out predictions of a Gaussian process: of each observation without that observation, hyperparameters unchanged
 * (Rasmussen and Williams 2006, "Gaussian Processes for Machine Learning", eq. 5.12).
 *
 * K    covariance with noise; mean zᵢ − αᵢ/(K⁻¹)ᵢᵢ, variance 1/(K⁻¹)ᵢᵢ, of the observed value and so with its noise
 */
import { type Matrix, type Posterior, UnsupportedError } from '@foothold/core';
import type { UntransformedPosterior } from '../warps/outcome-transform.ts';
import type { Fitted } from './fitted.ts';
import { inverseFactorOf } from './inverse-factor.ts';

export interface LeaveOneOut {
  /** Predictions of the standardized warped observations, n each. */
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** The observations in the same scale, n. */
  readonly observed: Float64Array;
  /** log p(yᵢ | the others) in the units of y, n. */
  readonly logDensity: Float64Array;
}

const halfLogTwoPi = 0.9189385332046728;

/** Closed form, one factorization's work. Throws UnsupportedError for a posterior that is not this package's. */
export async function leaveOneOut(posterior: Posterior): Promise<LeaveOneOut> {
  return leaveOneOutFrom(posterior, await inverseFactorOf(posterior));
}

/** `leaveOneOut` from the posterior's `inverseFactorOf`. Throws as it does. */
export function leaveOneOutFrom(posterior: Posterior, inverseFactor: Matrix | undefined): LeaveOneOut {
  const latent: Posterior & { readonly fitted?: Fitted } = posterior.latent?.posterior ?? posterior;
  const { transform, observed }: Partial<UntransformedPosterior> = posterior;
  const { fitted } = latent;
  if (!fitted || !inverseFactor) throw new UnsupportedError('leave-one-out predictions', 'this posterior');
  const n = fitted.z.length;
  const mean = new Float64Array(n);
  const variance = new Float64Array(n);
  const logDensity = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let precision = 0;
    for (let k = i; k < n; k++) precision += inverseFactor.data[k * n + i]! ** 2;
    const residual = fitted.fit.alpha[i]! / precision;
    mean[i] = fitted.z[i]! - residual;
    variance[i] = 1 / precision;
    const slope = observed && transform?.slope ? Math.log(transform.slope(observed[i]!)) : 0;
    logDensity[i] = slope - halfLogTwoPi + 0.5 * Math.log(precision) - 0.5 * residual * residual * precision;
  }
  return { mean, variance, observed: fitted.z, logDensity };
}
