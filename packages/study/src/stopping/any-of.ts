import type { Params } from '@foothold/core';
import type { StopRule } from './stop-rule.ts';

/** Stops when one of the rules is met, for the reason of the first such one. */
export function anyOf<P extends Params>(...rules: readonly StopRule<P>[]): StopRule<P> {
  return {
    check: async (progress) => {
      for (const rule of rules) {
        const reason = await rule.check(progress);
        if (reason) return reason;
      }
      return undefined;
    },
  };
}
