import type { Posterior } from '@foothold/core';
import type { UntransformedPosterior } from '../warps/outcome-transform.ts';

/** Where a posterior is Gaussian, and the increasing map from there to the units of the values. */
export interface GaussianScale {
  /** Normal marginals and joint beliefs, in the scale u. */
  readonly posterior: Posterior;
  /** y of a u: quantiles and draws of u become those of y. */
  toValue(u: number): number;
  /** u of a y. */
  toScale(y: number): number;
}

/**
 * The scale in which the belief of a `gaussianProcess` is Gaussian: that of its warped outputs. Quantiles, probabilities and draws are
 * exact there, which mean and variance in the units of the values are not. Any other posterior is taken as Gaussian as it is.
 */
export function gaussianScale(posterior: Posterior): GaussianScale {
  const { transform, latent } = posterior as Partial<UntransformedPosterior>;
  if (!transform || !latent) return { posterior, toValue: (u) => u, toScale: (y) => y };
  return {
    posterior: latent.posterior,
    toValue: (u) => transform.inverse(u).y,
    toScale: (y) => transform.forward(y),
  };
}
