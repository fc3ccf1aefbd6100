import type { Trial } from '@foothold/core';
import { isFullyTrained } from '../goal.ts';
import type { StudyState } from '../state/study-state.ts';
import { loggedFidelities } from './logged-fidelities.ts';

/**
 * Whether a trial of this study may be its best one: true at the target fidelity, which is the largest of a study whose trials are
 * pieces of training and the last that the log names of the sampler of several fidelities, and of every trial of a study of one fidelity.
 */
export function atTargetFidelity(
  state: Pick<StudyState, 'configured' | 'goal'>,
): (trial: Pick<Trial, 'params'>) => boolean {
  const { goal } = state;
  if (goal?.fidelity) return (trial) => isFullyTrained(goal, trial);
  const logged = loggedFidelities({ ...state, trials: [] });
  if (!logged) return () => true;
  const target = logged.levels.at(-1)!.fidelity;
  return ({ params }) => params[logged.parameter] === target;
}
