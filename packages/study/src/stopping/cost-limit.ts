import { InvalidArgumentError } from '@foothold/core';
import type { StopRule } from './stop-rule.ts';

/**
 * Stops when the complete trials have cost `total` together, in units of the goal's cost metric. `check` throws
 * InvalidArgumentError for a goal without `cost`.
 */
export function costLimit({ total }: { readonly total: number }): StopRule {
  if (!(total >= 0)) throw new InvalidArgumentError('total', total, 'a cost from 0');
  return {
    check: ({ goal, cost }) => {
      if (goal.cost === undefined)
        throw new InvalidArgumentError('stop', 'costLimit', 'a rule for a goal that names its cost metric');
      if (cost < total) return undefined;
      return {
        name: 'cost',
        text: `the trials cost ${Number(cost.toPrecision(6))} together, the limit is ${total}`,
      };
    },
  };
}
