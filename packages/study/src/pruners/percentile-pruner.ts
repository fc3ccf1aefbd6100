import { InvalidArgumentError, type Pruner } from '@foothold/core';
import { curves } from './curve.ts';
import { type DecisionSteps, decisionSteps, wholeFrom } from './decision-steps.ts';
import { indexedPruner } from './indexed-pruner.ts';
import { type SortedValues, sortedValues } from './sorted-values.ts';

/** What `percentilePruner` and `medianPruner` take. */
export interface PercentilePrunerOptions extends DecisionSteps {
  /** Complete trials before any trial ends. Default: 5. */
  readonly startupTrials?: number | undefined;
  /** Complete trials with a value at the step that are needed for a decision. Default: 1. */
  readonly minTrials?: number | undefined;
}

/**
 * A pruner that keeps the best `percentile` (0 to 100; 25) of the trials: a trial ends when the best value that it has
 * reported is worse than that percentile of the values that the complete trials reported at the same step (Optuna's
 * `PercentilePruner`). Throws InvalidArgumentError.
 */
export function percentilePruner(
  options: PercentilePrunerOptions & { readonly percentile?: number | undefined } = {},
): Pruner {
  const { percentile = 25, startupTrials = 5, minTrials = 1 } = options;
  if (!(percentile >= 0 && percentile <= 100))
    throw new InvalidArgumentError('percentile', percentile, 'a number from 0 to 100');
  wholeFrom('startupTrials', startupTrials, 0);
  wholeFrom('minTrials', minTrials, 1);
  const isDue = decisionSteps(options);
  return indexedPruner((goal) => {
    const running = curves(goal);
    const complete = new Map<number, SortedValues>();
    let count = 0;
    return {
      reported: ({ number }, report) => {
        running.add(number, report);
      },
      ended: ({ number, state }) => {
        const curve = running.take(number);
        if (state !== 'complete') return;
        count++;
        for (const [step, value] of curve?.values ?? []) {
          const values = complete.get(step) ?? sortedValues();
          complete.set(step, values);
          values.add(value);
        }
      },
      restarted: ({ number }) => {
        running.take(number);
      },
      prune: ({ number }) => {
        const curve = running.get(number);
        if (!curve || count < Math.max(startupTrials, 1) || !isDue(curve)) return false;
        const values = complete.get(curve.last);
        if (!values || values.size < minTrials) return false;
        return curve.best < quantile(values, 1 - percentile / 100);
      },
    };
  });
}

/** Linear interpolation between the values in order, as numpy's default. */
function quantile(values: SortedValues, share: number): number {
  const position = share * (values.size - 1);
  const index = Math.floor(position);
  const rest = position - index;
  const low = values.at(index);
  return rest === 0 ? low : low + rest * (values.at(index + 1) - low);
}
