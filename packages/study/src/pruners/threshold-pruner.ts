import { InvalidArgumentError, type Pruner } from '@foothold/core';
import { curves } from './curve.ts';
import { type DecisionSteps, decisionSteps } from './decision-steps.ts';
import { indexedPruner } from './indexed-pruner.ts';

/**
 * A pruner that ends a trial whose last value is below `lower` or above `upper`, in units of the value (Optuna's
 * `ThresholdPruner`). Throws InvalidArgumentError where neither is given.
 */
export function thresholdPruner(
  options: DecisionSteps & { readonly lower?: number | undefined; readonly upper?: number | undefined },
): Pruner {
  const { lower = -Infinity, upper = Infinity } = options;
  const isDue = decisionSteps(options);
  if (Number.isNaN(lower)) throw new InvalidArgumentError('lower', lower, 'a number');
  if (!(upper >= lower) || (lower === -Infinity && upper === Infinity))
    throw new InvalidArgumentError(
      'upper',
      upper,
      'a number that is not below lower, where lower is not given',
    );
  return indexedPruner(({ direction }) => {
    const running = curves({ direction });
    const sign = direction === 'maximize' ? 1 : -1;
    return {
      reported: ({ number }, report) => {
        running.add(number, report);
      },
      ended: ({ number }) => {
        running.take(number);
      },
      restarted: ({ number }) => {
        running.take(number);
      },
      prune: ({ number }) => {
        const curve = running.get(number);
        if (!curve || !isDue(curve)) return false;
        const value = sign * curve.values.get(curve.last)!;
        return value < lower || value > upper;
      },
    };
  });
}
