/** What the log gets for trials that nobody works on any more and that are not given out again. */
import type { Params, SearchSpace, StudyEvent } from '@foothold/core';
import { outsideOf } from '../edits/outside-of.ts';
import { isSpaceEdited } from '../edits/study-edits.ts';
import type { Leases } from '../leases/leases.ts';
import type { LiveState } from '../state/study-state.ts';
import { runningPiece } from '../training/training-pieces.ts';

/** The ends of the trials whose leases were lost too often. */
export function exhaustedEvents<P extends Params>(
  state: LiveState<P>,
  leases: Leases<P>,
): readonly StudyEvent[] {
  return leases.exhausted(state).flatMap(({ number, reason }): StudyEvent[] => [
    { type: 'expired', number, lost: true },
    { type: 'told', number, outcome: { state: 'failed', reason } },
  ]);
}

/**
 * The ends of the trials that nobody works on any more and whose parameters are not those of the edited space: they are not
 * given out again. Pruned, for nothing is known of them, with an attribute that says why.
 */
function outsideEvents<P extends Params>(
  state: LiveState<P>,
  leases: Leases<P>,
  space: SearchSpace<P>,
): readonly StudyEvent[] {
  if (!isSpaceEdited(state)) return [];
  return leases.abandoned(state).flatMap(({ number, params }): StudyEvent[] => {
    const outside = outsideOf(space, params);
    if (outside === undefined) return [];
    return [
      ...(state.leases.has(number) ? [{ type: 'expired' as const, number, lost: true }] : []),
      { type: 'noted', number, attributes: { outside } },
      { type: 'told', number, outcome: { state: 'pruned' } },
    ];
  });
}

/**
 * The ends of the pieces of training that nobody works on and whose configuration has been trained so far already, by a later piece while
 * they had failed: pruned, with an attribute that says why.
 */
function reachedEvents<P extends Params>(state: LiveState<P>, leases: Leases<P>): readonly StudyEvent[] {
  if (!state.goal?.fidelity) return [];
  return leases.abandoned(state).flatMap((trial): StudyEvent[] => {
    const { number } = trial;
    const piece = runningPiece(state, trial)!;
    if (piece.to > piece.from) return [];
    return [
      ...(state.leases.has(number) ? [{ type: 'expired' as const, number, lost: true }] : []),
      { type: 'noted', number, attributes: { reached: piece.from } },
      { type: 'told', number, outcome: { state: 'pruned' } },
    ];
  });
}

/** The ends of trials that nobody works on any more and that are not given out again. */
export function endingEvents<P extends Params>(
  state: LiveState<P>,
  leases: Leases<P>,
  space: SearchSpace<P>,
): readonly StudyEvent[] {
  const exhausted = exhaustedEvents(state, leases);
  if (exhausted.length > 0) return exhausted;
  const outside = outsideEvents(state, leases, space);
  return outside.length > 0 ? outside : reachedEvents(state, leases);
}
