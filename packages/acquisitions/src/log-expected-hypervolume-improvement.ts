/**
 * Log expected hypervolume improvement as an acquisition (Ament, Daulton, Eriksson, Balandat, Bakshy 2023, "Unexpected Improvements to
 * Expected Improvement for Bayesian Optimization", §3.3).
 *
 * ν  variance of the noise of one more observation
 * σ  what one observation can move a mean by: v/√(v + ν) of the variance v; √v without noise
 */
import {
  type Marginals,
  type MultiObjectiveAcquisition,
  type MultiObjectiveBelief,
  UnsupportedError,
} from '@foothold/core';
import { type Boxes, nonDominatedBoxes } from '@foothold/numerics';
import { logHypervolumeImprovement } from './log-hypervolume-improvement.ts';
import { inferReferencePoint } from './reference-point.ts';
import { standardDeviationOf } from './standard-deviation.ts';

/**
 * Maximizes the expected gain of the hypervolume that the front dominates, in log scale so that its gradient never vanishes; exact for two or
 * more objectives with independent beliefs.
 *
 * The front is that of the posterior means at the observed points, which noise affects less than the observed values; pending points
 * count as observed at their means. The gain is that of the means after one noisy observation, as in `logExpectedImprovement`. The
 * reference point is the worst regular value of each objective less a tenth of its range, in the scale in which the belief is normal. `prepare`
 * throws UnsupportedError without a row: there is nothing to improve on.
 */
export function logExpectedHypervolumeImprovement(): MultiObjectiveAcquisition {
  return {
    name: 'logExpectedHypervolumeImprovement',
    async prepare(belief) {
      const { posteriors } = belief;
      const formula = logHypervolumeImprovement(await boxesToImprove(belief), posteriors.length);
      const noise = posteriors.map((posterior) => posterior.noise ?? 0);
      return (marginals) => improvementAt(formula, marginals, noise);
    },
  };
}

/** The non-dominated region above the reference point. */
async function boxesToImprove({ posteriors, observed, ranges }: MultiObjectiveBelief): Promise<Boxes> {
  if (observed.rows === 0)
    throw new UnsupportedError('improvement on an empty front', 'this acquisition', 'evaluate a first point');
  const means = await Promise.all(
    posteriors.map(async (posterior) => (await posterior.marginals(observed)).mean),
  );
  const points = Array.from({ length: observed.rows }, (_, i) =>
    Float64Array.from(means, (mean) => mean[i]!),
  );
  return nonDominatedBoxes(points, inferReferencePoint(ranges));
}

function improvementAt(
  formula: ReturnType<typeof logHypervolumeImprovement>,
  marginals: readonly Marginals[],
  noise: readonly number[],
) {
  const m = marginals.length;
  const count = marginals[0]?.mean.length ?? 0;
  const value = new Float64Array(count);
  const dMean = marginals.map(() => new Float64Array(count));
  const dVariance = marginals.map(() => new Float64Array(count));
  const mean = new Float64Array(m);
  const standardDeviation = new Float64Array(m);
  const slopes = new Float64Array(m);
  for (let i = 0; i < count; i++) {
    marginals.forEach((belief, j) => {
      const v = Math.max(belief.variance[i]!, 1e-300);
      const root = standardDeviationOf(v + noise[j]!);
      mean[j] = belief.mean[i]!;
      standardDeviation[j] = Math.max(v / root, 1e-150);
      // dσ/dv = σ·(1/v − ½/(v + ν)).
      slopes[j] = standardDeviation[j]! * (1 / v - 0.5 / (root * root));
    });
    const told = formula(mean, standardDeviation);
    value[i] = told.value;
    for (let j = 0; j < m; j++) {
      dMean[j]![i] = told.dMean[j]!;
      dVariance[j]![i] = told.dStandardDeviation[j]! * slopes[j]!;
    }
  }
  return { value, dMean, dVariance };
}
