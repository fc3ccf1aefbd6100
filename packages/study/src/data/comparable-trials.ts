import type { Params, Trial } from '@foothold/core';
import type { StudyState } from '../state/study-state.ts';
import { atTargetFidelity } from './at-target-fidelity.ts';

/**
 * The trials of a study whose values compare, of which one is the best: those at the target fidelity, and none of a score matrix, where
 * each column has scores of its own.
 */
export function comparableTrials<P extends Params>(
  state: Pick<StudyState<P>, 'trials' | 'configured' | 'facts'>,
): readonly Trial<P>[] {
  return state.facts?.['matrix'] === undefined ? state.trials.filter(atTargetFidelity(state)) : [];
}
