import { InvalidArgumentError } from '@foothold/core';
import type { StopRule } from './stop-rule.ts';

/**
 * Stops when this many trials have ended, loaded ones included. Trials that run then still end: the option `trials` of
 * `optimize` and `ask` is a limit that is exact.
 */
export function trialLimit({ trials }: { readonly trials: number }): StopRule {
  if (!Number.isSafeInteger(trials) || trials < 0)
    throw new InvalidArgumentError('trials', trials, 'a whole number from 0');
  return {
    check: ({ ended }) =>
      ended >= trials ? { name: 'trials', text: `${ended} trials have ended` } : undefined,
  };
}
