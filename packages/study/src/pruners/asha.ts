/**
 * Asynchronous successive halving (Li et al. 2020, "A System for Massively Parallel Hyperparameter Tuning"), in the
 * variant that stops trials instead of pausing them.
 *
 * rung k   step minResource · reductionFactorᵏ; a trial's value there is its first report at or after that step
 */
import { InvalidArgumentError, type Pruner } from '@foothold/core';
import { indexedPruner } from './indexed-pruner.ts';
import { rungIndex } from './rung-index.ts';

/** What `asha` and `hyperbandPruner` take. */
export interface RungOptions {
  /** Step of the first rung. Default: 4. */
  readonly minResource?: number | undefined;
  /** Factor between rungs, above 1: of the trials at a rung one in so many goes on. Default: 2. */
  readonly reductionFactor?: number | undefined;
  /**
   * Weight of the last change: at step s a trial is judged by value(s) + trend · (value(s) − value(s/2)), so that one that still
   * improves is not ended by one that stands still. 0 is the published rule. Default: 0.5.
   */
  readonly trend?: number | undefined;
}

/**
 * A pruner that ends a trial at a rung when it is outside the best 1/`reductionFactor` of all trials that have arrived there so
 * far, itself included; the first trials at a rung go on as long as they are the best. After step `maxResource` nothing ends.
 * Default: no limit. Throws InvalidArgumentError.
 *
 * The defaults are those that spent the fewest epochs on 29 LCBench tasks (decisions/2026-11-29-pruners.md). Optuna's
 * `SuccessiveHalvingPruner()` is `asha({ minResource: 1, reductionFactor: 4, trend: 0 })`.
 */
export function asha(options: RungOptions & { readonly maxResource?: number | undefined } = {}): Pruner {
  const { maxResource = Infinity } = options;
  const checked = checkedRungs(options);
  if (!(maxResource > 0)) throw new InvalidArgumentError('maxResource', maxResource, 'a step above 0');
  return indexedPruner((goal) => rungIndex(goal, { ...checked, maxResource }));
}

/** The options with their defaults. Throws InvalidArgumentError. */
export function checkedRungs({ minResource = 4, reductionFactor = 2, trend = 0.5 }: RungOptions) {
  if (!(minResource > 0 && minResource < Infinity))
    throw new InvalidArgumentError('minResource', minResource, 'a step above 0');
  if (!(reductionFactor > 1 && reductionFactor < Infinity))
    throw new InvalidArgumentError('reductionFactor', reductionFactor, 'a factor above 1');
  if (!(trend >= 0 && trend < Infinity)) throw new InvalidArgumentError('trend', trend, 'a number from 0');
  return { minResource, reductionFactor, trend };
}
