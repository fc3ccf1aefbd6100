/**
 * Asynchronous successive halving (Li et al. 2020, "A System for Massively Parallel Hyperparameter Tuning"), in the
 * variant that stops trials instead of pausing them.
 *
 * rung k   step minimum · etaᵏ; a trial's value there is its first report at or after that step
 */
import { InvalidArgumentError, type Pruner } from '@foothold/core';
import { curveOf } from './curve.ts';

/**
 * A pruner that ends a trial that arrives at a rung outside the best 1/eta of all trials that have arrived there so far, itself
 * included; the first trials at a rung go on as long as they are the best. `minimum` (1) is the first rung's step,
 * `eta` (3) the factor between rungs, `maximum` the last step at which anything ends.
 * Throws InvalidArgumentError for a `minimum` that is not above 0 and an `eta` that is not above 1.
 */
export function asha(
  options: { readonly minimum?: number; readonly eta?: number; readonly maximum?: number } = {},
): Pruner {
  const { minimum = 1, eta = 3, maximum = Infinity } = options;
  if (!(minimum > 0)) throw new InvalidArgumentError('minimum', minimum, 'a step above 0');
  if (!(eta > 1)) throw new InvalidArgumentError('eta', eta, 'a factor above 1');
  return {
    prune(trial, others, direction) {
      const curve = curveOf(trial, direction);
      const last = curve.at(-1);
      if (!last || last.step < minimum) return false;
      let rung = minimum;
      while (rung * eta <= last.step) rung *= eta;
      const previous = curve.at(-2)?.step ?? -1;
      if (rung > maximum || previous >= rung) return false; // judged when it arrived
      let arrived = 1;
      let better = 0;
      for (const other of others) {
        const value = curveOf(other, direction).find(({ step }) => step >= rung)?.value;
        if (value === undefined) continue;
        arrived++;
        if (value > last.value) better++;
      }
      return better >= Math.max(1, Math.floor(arrived / eta));
    },
  };
}
