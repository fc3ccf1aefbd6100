/**
 * Hyperband (Li et al. 2018, "Hyperband: A Novel Bandit-Based Approach to Hyperparameter Optimization"): successive halving in
 * brackets that begin at different rungs, so that one that begins too early costs only a part of the trials. The brackets
 * share their rungs, as by default in Syne Tune (Salinas et al. 2022, "Syne Tune: A Library for Large Scale Hyperparameter
 * Tuning and Reproducible Research").
 *
 * η     reductionFactor
 * s     brackets − 1 − index; in bracket `index` the first rung that ends trials is at minResource · η^index
 * share of the trials in proportion to ⌈brackets · η^s / (s + 1)⌉
 */
import { InvalidArgumentError, type Pruner } from '@foothold/core';
import { checkedRungs, type RungOptions } from './asha.ts';
import { indexedPruner } from './indexed-pruner.ts';
import { rungIndex } from './rung-index.ts';

/**
 * A pruner that runs `asha` in brackets: a trial of a later bracket cannot end at the first rungs. At a rung it is compared with
 * all trials that have arrived there, of whatever bracket; Optuna compares within the bracket, so that each learns alone.
 * `maxResource` is the last step of a whole trial: there are ⌊log(maxResource / minResource) / log η⌋ + 1 brackets. A trial's
 * bracket follows from its number alone. Throws InvalidArgumentError.
 */
export function hyperbandPruner(options: RungOptions & { readonly maxResource: number }): Pruner {
  const { maxResource } = options;
  const checked = checkedRungs(options, { minResource: 2 });
  const { minResource, reductionFactor } = checked;
  if (!(maxResource >= minResource && maxResource < Infinity))
    throw new InvalidArgumentError('maxResource', maxResource, `a step from minResource, ${minResource}, on`);
  // A power of the factor is counted although its logarithm may be rounded down.
  const ratio = Math.log(maxResource / minResource) / Math.log(reductionFactor);
  const count = Math.floor(ratio + 1e-9) + 1;
  const shares = bracketShares(count, reductionFactor);
  const firstRung = (number: number) => bracketOf(number, shares);
  return indexedPruner((goal) => rungIndex(goal, { ...checked, maxResource: Infinity, firstRung }));
}

function bracketShares(count: number, reductionFactor: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => {
    const s = count - 1 - index;
    return Math.ceil((count * reductionFactor ** s) / (s + 1));
  });
}

/** The golden ratio's fraction: multiples of it are spread over [0, 1) evenly, however many there are. */
const golden = (Math.sqrt(5) - 1) / 2;

function bracketOf(number: number, shares: readonly number[]): number {
  let rest = (((number + 0.5) * golden) % 1) * shares.reduce((a, b) => a + b);
  const index = shares.findIndex((share) => {
    rest -= share;
    return rest < 0;
  });
  return index < 0 ? shares.length - 1 : index;
}
