import type { MarginalAcquisition, Utility } from '@foothold/core';
import { InvalidArgumentError } from '@foothold/core';
import { standardDeviationOf } from './standard-deviation.ts';

/**
 * mean + coefficient·σ: an optimistic value (Srinivas, Krause, Kakade, Seeger 2010, "Gaussian Process Optimization in
 * the Bandit Setting"). The coefficient's default is Vizier's 1.8. Throws InvalidArgumentError for a negative one.
 */
export function upperConfidenceBound(options: { readonly coefficient?: number } = {}): MarginalAcquisition {
  const coefficient = options.coefficient ?? 1.8;
  if (!(coefficient >= 0)) throw new InvalidArgumentError('coefficient', coefficient, 'a number from 0');
  const utility: Utility = ({ mean, variance }) => {
    const standardDeviation = variance.map(standardDeviationOf);
    return {
      value: mean.map((u, i) => u + coefficient * standardDeviation[i]!),
      dMean: new Float64Array(mean.length).fill(1),
      dVariance: standardDeviation.map((s) => coefficient / (2 * s)),
    };
  };
  return { name: 'upperConfidenceBound', prepare: () => utility };
}
