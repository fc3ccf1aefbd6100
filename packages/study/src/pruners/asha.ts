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
  /** Step of the first rung. Default: 4 for `asha`, 2 for `hyperbandPruner`. */
  readonly minResource?: number | undefined;
  /** Factor between rungs, above 1: of the trials at a rung one in so many goes on. Default: 2. */
  readonly reductionFactor?: number | undefined;
}

/**
 * A pruner that ends a trial at a rung when it is outside the best 1/`reductionFactor` of all trials that have arrived there so
 * far, itself included; the first trials at a rung go on as long as they are the best. The best one at a rung is never ended.
 * After step `maxResource` nothing ends. Default: no limit. Throws InvalidArgumentError.
 *
 * It decides as Optuna's `SuccessiveHalvingPruner`, whose defaults are `asha({ minResource: 1, reductionFactor: 4 })`. The
 * defaults here spent the fewest epochs on 29 LCBench tasks, with and without noise (decisions/2026-11-29-pruners.md).
 */
export function asha(options: RungOptions & { readonly maxResource?: number | undefined } = {}): Pruner {
  const { maxResource = Infinity } = options;
  const checked = checkedRungs(options, { minResource: 4 });
  if (!(maxResource > 0)) throw new InvalidArgumentError('maxResource', maxResource, 'a step above 0');
  return indexedPruner((goal) => rungIndex(goal, { ...checked, maxResource, firstRung: () => 0 }));
}

/** The options with their defaults. Throws InvalidArgumentError. */
export function checkedRungs(options: RungOptions, defaults: { readonly minResource: number }) {
  const { minResource = defaults.minResource, reductionFactor = 2 } = options;
  if (!(minResource > 0 && minResource < Infinity))
    throw new InvalidArgumentError('minResource', minResource, 'a step above 0');
  if (!(reductionFactor > 1 && reductionFactor < Infinity))
    throw new InvalidArgumentError('reductionFactor', reductionFactor, 'a factor above 1');
  return { minResource, reductionFactor };
}
