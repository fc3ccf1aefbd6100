import { type CompleteTrial, type Goal, type Params, rankedTrials, type Trial } from '@foothold/core';
import { isFullyTrained } from './goal.ts';

/**
 * The feasible trials that no other beats in one objective without being worse in another, in order of their numbers;
 * of equal ones the first. With one objective it is the best trial alone.
 */
export function paretoFront<P extends Params>(
  trials: readonly Trial<P>[],
  goal: Goal,
): readonly CompleteTrial<P>[] {
  const front = new Map<Trial<P>, string>();
  const whole = trials.filter((trial) => isFullyTrained(goal, trial));
  for (const { trial, values, violation, front: rank } of rankedTrials(whole, goal))
    if (rank === 0 && violation === 0) front.set(trial, values.join());
  const seen = new Set<string>();
  return trials.filter((trial): trial is CompleteTrial<P> => {
    const values = front.get(trial);
    return values !== undefined && seen.size < seen.add(values).size;
  });
}
