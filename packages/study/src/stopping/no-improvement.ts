import { InvalidArgumentError } from '@foothold/core';
import type { StopRule } from './stop-rule.ts';

/** Stops when the best feasible trial is followed by this many ended ones that are not better. */
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
