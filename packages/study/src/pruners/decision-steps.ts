import { InvalidArgumentError } from '@foothold/core';
import type { Curve } from './curve.ts';

/** When a pruner may end trials, as in Optuna. */
export interface DecisionSteps {
  /** Before this step no trial ends. Default: 0. */
  readonly warmupSteps?: number | undefined;
  /** From `warmupSteps` on, a trial may end at its first report of each so many steps. Default: 1. */
  readonly intervalSteps?: number | undefined;
}

/** Whether a trial may end at its last step. Throws InvalidArgumentError. */
export function decisionSteps({
  warmupSteps = 0,
  intervalSteps = 1,
}: DecisionSteps): (curve: Curve) => boolean {
  wholeFrom('warmupSteps', warmupSteps, 0);
  wholeFrom('intervalSteps', intervalSteps, 1);
  return ({ last, previous }) => {
    if (last < warmupSteps) return false;
    const begin = warmupSteps + Math.floor((last - warmupSteps) / intervalSteps) * intervalSteps;
    return previous < begin;
  };
}

/** The number. Throws InvalidArgumentError unless it is a whole number from `from`. */
export function wholeFrom(name: string, value: number, from: number): number {
  if (!Number.isSafeInteger(value) || value < from)
    throw new InvalidArgumentError(name, value, `a whole number from ${from}`);
  return value;
}
