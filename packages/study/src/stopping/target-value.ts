import { InvalidArgumentError, minimizedValues, objectivesOf } from '@foothold/core';
import type { StopRule } from './stop-rule.ts';

/** Stops when the best feasible trial is at least as good as `value`; with several objectives by the first of them. */
export function targetValue({ value: target }: { readonly value: number }): StopRule {
  if (!Number.isFinite(target)) throw new InvalidArgumentError('value', target, 'a finite number');
  return {
    check: ({ goal, best }) => {
      if (!best) return undefined;
      const sign = objectivesOf(goal)[0]!.direction === 'minimize' ? 1 : -1;
      const reached = minimizedValues(goal, best)[0]!;
      if (reached > sign * target) return undefined;
      return { name: 'target', text: `the best value, ${sign * reached}, has reached the target, ${target}` };
    },
  };
}
