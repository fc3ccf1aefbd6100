import { InvalidArgumentError } from '@foothold/core';
import type { StopRule } from './stop-rule.ts';

/**
 * Stops when so many milliseconds are over since the rule was made, by the given clock. What runs then still ends: the option
 * `timeout` of `optimize` aborts it.
 */
export function timeLimit({ ms, clock }: { readonly ms: number; readonly clock: () => number }): StopRule {
  if (!(ms >= 0)) throw new InvalidArgumentError('ms', ms, 'milliseconds from 0');
  const start = clock();
  return {
    check: () =>
      clock() - start >= ms ? { name: 'time', text: `the time limit of ${ms} ms is over` } : undefined,
  };
}
