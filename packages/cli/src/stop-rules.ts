import { InvalidArgumentError } from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import type { ParameterSpace } from '@foothold/space';
import { anyOf, costLimit, noImprovement, regretBound, type StopRule, targetValue } from '@foothold/study';

/** The flags that end a run before all trials are done. */
export interface StopFlags {
  /** A value that is good enough. */
  readonly target?: number | undefined;
  /** The metric that holds what a trial cost. */
  readonly cost?: string | undefined;
  readonly maxCost?: number | undefined;
  /** Trials without an improvement. */
  readonly patience?: number | undefined;
  /** What may be left to gain, in units of the value. */
  readonly regretBound?: number | undefined;
}

/** The rules of the flags that are given, any of which ends the run; undefined for none. Throws InvalidArgumentError. */
export async function stopRules(space: ParameterSpace, flags: StopFlags): Promise<StopRule | undefined> {
  const { target, cost, maxCost, patience, regretBound: threshold } = flags;
  if (maxCost !== undefined && cost === undefined)
    throw new InvalidArgumentError(
      '--max-cost',
      maxCost,
      'nothing without --cost, the name of the figure, or --adviser, whose calls cost',
    );
  const rules: readonly StopRule[] = [
    ...(target === undefined ? [] : [targetValue({ value: target })]),
    ...(maxCost === undefined ? [] : [costLimit({ total: maxCost })]),
    ...(patience === undefined ? [] : [noImprovement({ trials: patience })]),
    ...(threshold === undefined ? [] : [await boundRule(space, threshold)]),
  ];
  return rules.length === 0 ? undefined : anyOf(...rules);
}

async function boundRule(space: ParameterSpace, threshold: number): Promise<StopRule> {
  const surrogate = gaussianProcess({ columns: space.columns, linalg: await wasm() });
  return regretBound({ space, surrogate, threshold }) as StopRule;
}
