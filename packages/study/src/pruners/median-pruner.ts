import type { Pruner } from '@foothold/core';
import { type PercentilePrunerOptions, percentilePruner } from './percentile-pruner.ts';

/**
 * The median rule (Golovin et al. 2017, "Google Vizier", §3.2.1, in the form of Optuna's `MedianPruner`): a trial ends when
 * the best value that it has reported is worse than the median of what the complete trials reported at the same step.
 * Throws InvalidArgumentError.
 */
export function medianPruner(options: PercentilePrunerOptions = {}): Pruner {
  return percentilePruner({ ...options, percentile: 50 });
}
