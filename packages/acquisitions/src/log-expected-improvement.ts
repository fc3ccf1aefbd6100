/**
 * Log expected improvement (Ament, Daulton, Eriksson, Balandat, Bakshy 2023, "Unexpected Improvements to Expected
 * Improvement for Bayesian Optimization", eq. 9).
 *
 * z    standardized improvement (mean − best)/σ, m
 * h    φ(z) + z·Φ(z), so that the expected improvement is σ·h(z)
 * best the value to improve on, in the units of Dataset.y
 * ν    variance of the noise of one more observation
 * σ    what one observation can move the mean by: v/√(v + ν) of the variance v; √v without noise
 */
import type { MarginalAcquisition, Utility } from '@foothold/core';
import { logH, logHGradient } from '@foothold/numerics';
import { type Incumbent, incumbentValue } from './incumbent.ts';
import { standardDeviationOf } from './standard-deviation.ts';

/**
 * Maximizes the expected gain over the best value so far, in log scale so that its gradient never vanishes.
 *
 * The incumbent is the largest posterior mean at observed points, which noise affects less; 'observed' takes the
 * largest observed value. Where the posterior states its noise, the gain is that of the mean after one noisy
 * observation, so that a point is not asked for again and again where one more evaluation changes little (the correlated
 * knowledge gradient of Scott, Frazier, Powell 2011, at the point itself); `noise: 'ignored'` takes the plain formula.
 * Throws UnsupportedError when the dataset is empty: there is nothing to improve on.
 */
export function logExpectedImprovement(
  options: { readonly incumbent?: Incumbent; readonly noise?: 'counted' | 'ignored' } = {},
): MarginalAcquisition {
  return {
    name: 'logExpectedImprovement',
    isLog: true,
    async prepare(belief) {
      const best = await incumbentValue(belief, options.incumbent ?? 'posterior-mean');
      return logImprovementOver(best, options.noise === 'ignored' ? 0 : (belief.posterior.noise ?? 0));
    },
  };
}

/** log E[max(f − best, 0)] as a formula, f being the mean after one observation with this noise. */
export function logImprovementOver(best: number, noise = 0): Utility {
  return ({ mean, variance }, _x, { gradient = true } = {}) => {
    const m = mean.length;
    const value = new Float64Array(m);
    const dMean = new Float64Array(m);
    const dVariance = new Float64Array(m);
    for (let i = 0; i < m; i++) {
      const root = standardDeviationOf(variance[i]! + noise);
      const v = Math.max(variance[i]!, 1e-300);
      const standardDeviation = Math.max(v / root, 1e-150);
      const z = (mean[i]! - best) / standardDeviation;
      value[i] = logH(z) + Math.log(standardDeviation);
      if (!gradient) continue;
      const slope = logHGradient(z);
      dMean[i] = slope / standardDeviation;
      // ∂/∂σ (log h(z) + log σ) = (1 − z·h′/h)/σ, and dσ/dv = σ·(1/v − ½/(v + ν)).
      dVariance[i] = (1 - z * slope) * (1 / v - 0.5 / (root * root));
    }
    return { value, dMean, dVariance };
  };
}
