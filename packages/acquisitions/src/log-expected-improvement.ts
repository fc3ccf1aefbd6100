/**
 * Log expected improvement (Ament, Daulton, Eriksson, Balandat, Bakshy 2023, "Unexpected Improvements to Expected
 * Improvement for Bayesian Optimization", eq. 9).
 *
 * z    standardized improvement (mean − best)/σ, m
 * h    φ(z) + z·Φ(z), so that the expected improvement is σ·h(z)
 * best the value to improve on, in the units of Dataset.y
 */
import type { Acquisition, Utility } from '@foothold/core';
import { logH, logHGradient } from '@foothold/numerics';
import { deviationOf } from './deviation.ts';
import { type Incumbent, incumbentValue } from './incumbent.ts';

/**
 * Maximizes the expected gain over the best value so far, in log scale so that its gradient never vanishes.
 *
 * The incumbent is the largest posterior mean at observed points, which noise does not deceive; 'observed' takes the
 * largest observed value. Throws UnsupportedError when the dataset is empty: there is nothing to improve on.
 */
export function logExpectedImprovement(options: { readonly incumbent?: Incumbent } = {}): Acquisition {
  return {
    async prepare(belief) {
      return logImprovementOver(await incumbentValue(belief, options.incumbent ?? 'posterior-mean'));
    },
  };
}

/** log E[max(f − best, 0)] as a formula. */
export function logImprovementOver(best: number): Utility {
  return ({ mean, variance }) => {
    const m = mean.length;
    const value = new Float64Array(m);
    const dMean = new Float64Array(m);
    const dVariance = new Float64Array(m);
    for (let i = 0; i < m; i++) {
      const deviation = deviationOf(variance[i]!);
      const z = (mean[i]! - best) / deviation;
      const slope = logHGradient(z);
      value[i] = logH(z) + Math.log(deviation);
      dMean[i] = slope / deviation;
      // ∂/∂σ (log h(z) + log σ) = (1 − z·h′/h)/σ = φ(z)/(h(z)·σ), and dσ/dvariance = 1/(2σ).
      dVariance[i] = (1 - z * slope) / (2 * deviation * deviation);
    }
    return { value, dMean, dVariance };
  };
}
