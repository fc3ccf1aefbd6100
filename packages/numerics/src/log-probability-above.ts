/**
 * Probability that a normal variable exceeds a threshold, in log units.
 *
 * z  (mean − threshold)/σ, m, held within ±1e6
 */
import { logNormalCdf } from './normal.ts';

/** log Φ(z) for each mean and variance, m, with its derivatives in both, m each; a variance of 0 counts as 1e-300. */
export function logProbabilityAbove(
  { mean, variance }: { readonly mean: Float64Array; readonly variance: Float64Array },
  threshold: number,
): { readonly value: Float64Array; readonly dMean: Float64Array; readonly dVariance: Float64Array } {
  const m = mean.length;
  const value = new Float64Array(m);
  const dMean = new Float64Array(m);
  const dVariance = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    const standardDeviation = Math.sqrt(Math.max(variance[i]!, 1e-300));
    const z = Math.min(Math.max((mean[i]! - threshold) / standardDeviation, -1e6), 1e6);
    const log = logNormalCdf(z);
    // φ/Φ through logs, since both may underflow; far below it is −z to all digits, where the logs cancel.
    const slope = z < -1e5 ? -z : Math.exp(-0.5 * z * z - 0.9189385332046728 - log);
    value[i] = log;
    dMean[i] = slope / standardDeviation;
    dVariance[i] = (-slope * z) / (2 * standardDeviation * standardDeviation);
  }
  return { value, dMean, dVariance };
}
