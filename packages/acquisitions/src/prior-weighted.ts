import { type Acquisition, InvalidArgumentError, type MarginalAcquisition } from '@foothold/core';
import { type LogTerm, withLogTerm } from './with-log-term.ts';

export interface PriorWeightedOptions {
  /** log π(x) at m points of the unit cube, m, up to a constant; finite. */
  readonly logPrior: LogTerm;
  /** Observations after which the prior weighs once; 10. */
  readonly strength?: number | undefined;
}

/**
 * A belief about where the optimum lies, which fades as observations come in: value + (strength/n)·log π(x), for
 * acquisitions in log units such as `logExpectedImprovement` (Hvarfner et al. 2022, "πBO: Augmenting Acquisition
 * Functions with User Beliefs for Bayesian Optimization", eq. 6).
 *
 * A wrong prior delays the search and does not stop it. Throws InvalidArgumentError for a strength that is not positive, its utility
 * for a prior that is not finite: a density of 0 has no logarithm.
 */
export function priorWeighted(
  acquisition: MarginalAcquisition,
  options: PriorWeightedOptions,
): MarginalAcquisition;
export function priorWeighted(acquisition: Acquisition, options: PriorWeightedOptions): Acquisition;
export function priorWeighted(acquisition: Acquisition, options: PriorWeightedOptions): Acquisition {
  const { logPrior, strength = 10 } = options;
  if (!(strength > 0)) throw new InvalidArgumentError('strength', strength, 'a positive number');
  return withLogTerm(acquisition, {
    name: 'priorWeighted',
    termName: 'logPrior',
    term: logPrior,
    weightOf: ({ data }) => strength / Math.max(data.y.length, 1),
  });
}
