/**
 * Max-value entropy search (Wang, Jegelka 2017, "Max-value Entropy Search for Efficient Bayesian Optimization", eq. 6).
 *
 * y*_k  draws of the largest value, k = 1 … K
 * γ_k   (y*_k − μ)/σ, m
 * α     (1/K)·Σ_k [γ_k·φ(γ_k)/(2Φ(γ_k)) − log Φ(γ_k)], what the value at the point tells of the largest value, in nats
 */
import type { AcquisitionBelief, MarginalAcquisition, Utility } from '@foothold/core';
import { logSumExp, logTruncationEntropy } from '@foothold/numerics';
import { type MaximaOptions, maximaOptions, sampledMaxima } from './sampled-maxima.ts';
import { standardDeviationOf } from './standard-deviation.ts';

/**
 * Maximizes what the value at a point is expected to tell of the largest value of the function, in log units: log of the
 * information in nats. The value is that without noise, as in the paper; `qLowerBoundMaxValueEntropy` counts noise,
 * points that still run and fidelities.
 *
 * `prepare` throws UnsupportedError for a joint draw from a posterior without `joint`. Throws InvalidArgumentError for `maxima` that
 * is no whole number from 1 to 1,024 and for another `sampling`.
 */
export function logMaxValueEntropySearch(options: MaximaOptions = {}): MarginalAcquisition {
  const chosen = maximaOptions(options);
  return {
    name: 'logMaxValueEntropySearch',
    isLog: true,
    async prepare(belief) {
      const lowest = await lowerBoundOfMaximum(belief);
      return logInformationAbout((await sampledMaxima(belief, chosen)).map((y) => Math.max(y, lowest)));
    },
  };
}

/** Standard deviations of the best known value that a largest value exceeds it by: a draw at a known value would ask for it again. */
const clearance = 5;

/** What the largest value is at least: the largest posterior mean at an observed point, and a clearance; −∞ without data. */
async function lowerBoundOfMaximum({ posterior, data }: AcquisitionBelief): Promise<number> {
  if (data.y.length === 0) return -Infinity;
  const { mean, variance } = await posterior.marginals(data.x);
  const best = mean.reduce((most, m, i) => (m > mean[most]! ? i : most), 0);
  return mean[best]! + clearance * standardDeviationOf(variance[best]!);
}

/** log α of these draws, as a formula. */
export function logInformationAbout(maxima: Float64Array): Utility {
  const count = maxima.length;
  const logs = new Float64Array(count);
  const slopes = new Float64Array(count);
  const bounds = new Float64Array(count);
  return ({ mean, variance }) => {
    const m = mean.length;
    const value = new Float64Array(m);
    const dMean = new Float64Array(m);
    const dVariance = new Float64Array(m);
    for (let i = 0; i < m; i++) {
      const standardDeviation = standardDeviationOf(variance[i]!);
      for (let k = 0; k < count; k++) {
        bounds[k] = Math.min(Math.max((maxima[k]! - mean[i]!) / standardDeviation, -1e150), 1e150);
        const { value: log, slope } = logTruncationEntropy(bounds[k]!);
        logs[k] = log;
        slopes[k] = slope;
      }
      const total = logSumExp(logs);
      value[i] = total - Math.log(count);
      for (let k = 0; k < count; k++) {
        const share = Math.exp(logs[k]! - total);
        // A share that underflows counts nothing, however steep its term is.
        if (!(share > 0)) continue;
        dMean[i]! -= (share * slopes[k]!) / standardDeviation;
        dVariance[i]! -= (share * slopes[k]! * bounds[k]!) / (2 * standardDeviation * standardDeviation);
      }
    }
    return { value, dMean, dVariance };
  };
}
