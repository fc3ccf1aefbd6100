import type { MarginalAcquisition } from '@foothold/core';
import { InvalidArgumentError } from '@foothold/core';
import { logProbabilityAbove } from '@foothold/numerics';
import { type Incumbent, incumbentValue } from './incumbent.ts';

/**
 * log Φ((mean − best − margin)/σ): how likely a point is better, by at least `margin` (0, in units of Dataset.y).
 *
 * Log scale keeps a gradient where the probability underflows. Throws UnsupportedError when the dataset is empty,
 * InvalidArgumentError for a margin below 0.
 */
export function logProbabilityOfImprovement(
  options: { readonly incumbent?: Incumbent; readonly margin?: number } = {},
): MarginalAcquisition {
  const { incumbent = 'posterior-mean', margin = 0 } = options;
  if (!(margin >= 0)) throw new InvalidArgumentError('margin', margin, 'a number from 0');
  return {
    name: 'logProbabilityOfImprovement',
    isLog: true,
    async prepare(belief) {
      const best = (await incumbentValue(belief, incumbent)) + margin;
      return (marginals) => logProbabilityAbove(marginals, best);
    },
  };
}
