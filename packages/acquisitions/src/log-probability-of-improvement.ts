import type { Acquisition } from '@foothold/core';
import { InvalidArgumentError } from '@foothold/core';
import { logNormalCdf } from '@foothold/numerics';
import { type Incumbent, incumbentValue } from './incumbent.ts';
import { standardDeviationOf } from './standard-deviation.ts';

/**
 * log Φ((mean − best − margin)/σ): how likely a point is better, by at least `margin` (0, in units of Dataset.y).
 *
 * Log scale keeps a gradient where the probability underflows. Throws UnsupportedError when the dataset is empty,
 * InvalidArgumentError for a margin below 0.
 */
export function logProbabilityOfImprovement(
  options: { readonly incumbent?: Incumbent; readonly margin?: number } = {},
): Acquisition {
  const { incumbent = 'posterior-mean', margin = 0 } = options;
  if (!(margin >= 0)) throw new InvalidArgumentError('margin', margin, 'a number from 0');
  return {
    async prepare(belief) {
      const best = (await incumbentValue(belief, incumbent)) + margin;
      return ({ mean, variance }) => {
        const m = mean.length;
        const value = new Float64Array(m);
        const dMean = new Float64Array(m);
        const dVariance = new Float64Array(m);
        for (let i = 0; i < m; i++) {
          const standardDeviation = standardDeviationOf(variance[i]!);
          const z = (mean[i]! - best) / standardDeviation;
          const log = logNormalCdf(z);
          // φ/Φ through logs, since both may underflow; far below it is −z to all digits, where the logs cancel.
          const slope = z < -1e5 ? -z : Math.exp(-0.5 * z * z - 0.9189385332046728 - log);
          value[i] = log;
          dMean[i] = slope / standardDeviation;
          dVariance[i] = (-slope * z) / (2 * standardDeviation * standardDeviation);
        }
        return { value, dMean, dVariance };
      };
    },
  };
}
