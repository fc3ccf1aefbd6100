import {
  type CompleteTrial,
  type Goal,
  minimizedValues,
  type Params,
  type Trial,
  violationOf,
} from '@foothold/core';
import { isFullyTrained } from './goal.ts';

/**
 * The feasible trials that no other beats in one objective without being worse in another, in order of their numbers;
 * of equal ones the first. With one objective it is the best trial alone.
 */
export function paretoFront<P extends Params>(
  trials: readonly Trial<P>[],
  goal: Goal,
): readonly CompleteTrial<P>[] {
  const found: FrontMember<P>[] = [];
  for (const trial of trials) {
    if (trial.state !== 'complete' || !isFullyTrained(goal, trial)) continue;
    const values = minimizedValues(goal, trial);
    if (values.every(Number.isFinite) && violationOf(goal, trial) === 0) found.push({ trial, values });
  }
  // In this order no trial beats one before it, and of equal ones the first is before the others.
  found.sort((a, b) => byValues(a.values, b.values) || a.trial.number - b.trial.number);
  const front: FrontMember<P>[] = [];
  for (const member of found)
    if (!front.some(({ values }) => values.every((value, k) => value <= member.values[k]!)))
      front.push(member);
  return front.map(({ trial }) => trial).sort((a, b) => a.number - b.number);
}

interface FrontMember<P extends Params> {
  readonly trial: CompleteTrial<P>;
  /** The objectives, smaller is better. */
  readonly values: Float64Array;
}

function byValues(a: Float64Array, b: Float64Array): number {
  const differing = a.findIndex((value, k) => value !== b[k]);
  return differing < 0 ? 0 : a[differing]! - b[differing]!;
}
