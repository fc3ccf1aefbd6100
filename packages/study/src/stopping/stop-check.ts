import { InvalidArgumentError, type Params, type Study } from '@foothold/core';
import type { StopReason, StopRule } from './stop-rule.ts';
import { progressOf } from './study-progress.ts';

/**
 * A function that says whether the rule is met by now, and why, for loops of ask and tell that do not use `optimize`. A call costs
 * what the rule does and the trials that ended since the last one. Throws InvalidArgumentError for a study that does
 * not state its goal.
 */
export function stopCheck<P extends Params>(
  study: Study<P>,
  rule: StopRule<P>,
): () => Promise<StopReason | undefined> {
  const { goal } = study;
  if (!goal)
    throw new InvalidArgumentError('stop', 'a rule', 'nothing for a study that does not state its goal');
  const progress = progressOf(study, goal);
  return async () => rule.check(await progress());
}
