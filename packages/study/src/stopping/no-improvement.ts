import { InvalidArgumentError } from '@foothold/core';
import type { StopRule } from './stop-rule.ts';

/**
 * A rule that stops when the best feasible trial is followed by this many ended ones that are not better. Throws
 * InvalidArgumentError for a number that is not whole or below 1.
 */
export function noImprovement(options: { readonly trials: number }): StopRule {
  const { trials: patience } = options;
  if (!Number.isSafeInteger(patience) || patience < 1)
    throw new InvalidArgumentError('trials', patience, 'a whole number from 1');
  return {
    check: ({ best, sinceBest }) =>
      best && sinceBest >= patience
        ? {
            name: 'no-improvement',
            text: `${sinceBest} trials after trial ${best.number} were not better than it`,
          }
        : undefined,
  };
}
