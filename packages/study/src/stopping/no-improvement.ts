import { type Goal, InvalidArgumentError } from '@foothold/core';
import { bestTrial } from '../goal.ts';
import type { StopRule } from './stop-rule.ts';

/**
 * A rule that stops when the best feasible trial is followed by this many finished ones that are not better. Throws
 * InvalidArgumentError for a number that is not whole or below 1.
 */
export function noImprovement(options: { readonly goal: Goal; readonly trials: number }): StopRule {
  const { goal, trials: patience } = options;
  if (!Number.isSafeInteger(patience) || patience < 1)
    throw new InvalidArgumentError('trials', patience, 'a whole number from 1');
  return {
    done(trials) {
      const best = bestTrial(trials, goal);
      if (!best) return false;
      const later = trials.filter((trial) => trial.number > best.number && trial.state !== 'running');
      return later.length >= patience;
    },
  };
}
