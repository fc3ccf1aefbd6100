import { type Acquisition, InvalidArgumentError, type MarginalAcquisition } from '@foothold/core';
import { type LogTerm, withLogTerm } from './with-log-term.ts';

export interface CostWeightedOptions {
  /** log of what an evaluation costs at m points of the unit cube, m, up to a constant; finite. */
  readonly logCost: LogTerm;
}

/**
 * What an acquisition in log units gains for each unit of a known cost: value − log cost(x), as expected improvement per second
 * (Snoek, Larochelle, Adams 2012, "Practical Bayesian Optimization of Machine Learning Algorithms", §3.2; in BoTorch
 * `InverseCostWeightedUtility`).
 *
 * Where the cost is only seen in a metric of the trials, name that metric as the goal's cost instead: the sampler then models it.
 * Throws InvalidArgumentError for an acquisition that is no logarithm: its utilities may be negative; its utility for a cost that is not finite.
 */
export function costWeighted(
  acquisition: MarginalAcquisition,
  options: CostWeightedOptions,
): MarginalAcquisition;
export function costWeighted(acquisition: Acquisition, options: CostWeightedOptions): Acquisition;
export function costWeighted(acquisition: Acquisition, { logCost }: CostWeightedOptions): Acquisition {
  if (!acquisition.isLog)
    throw new InvalidArgumentError('acquisition', acquisition.name ?? 'unnamed', 'one in log units');
  return withLogTerm(acquisition, {
    name: 'costWeighted',
    termName: 'logCost',
    term: logCost,
    weightOf: () => -1,
  });
}
