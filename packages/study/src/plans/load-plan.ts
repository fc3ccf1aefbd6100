import type { Outcome, Params, SearchSpace, StudyEvent } from '@foothold/core';
import { refuseOutside } from '../ask/enqueued-params.ts';
import type { Plan } from '../log/log-calls.ts';
import type { LiveState } from '../state/study-state.ts';
import type { LoadOptions, PastTrial } from '../study-options.ts';
import { checkedNotes, checkedState } from './checked-notes.ts';
import { checkedOutcome, type OutcomeNeeds } from './checked-outcome.ts';

/** Past trials with the next numbers; answers how many. Throws OutOfSpaceError, InvalidArgumentError. */
export function loadPlan<P extends Params>(
  state: LiveState<P>,
  past: readonly PastTrial<P>[],
  {
    space,
    needs,
    samplerState,
  }: { readonly space: SearchSpace<P>; readonly needs: OutcomeNeeds } & LoadOptions,
): Plan<number> {
  const events = past
    .filter(({ state: of }) => of !== 'running')
    .map((trial, i): StudyEvent[] => {
      refuseOutside(space, trial.params);
      const number = state.count + i;
      const outcome = { ...trial, state: trial.state ?? 'complete' } as Outcome;
      const notes = checkedNotes(trial);
      const kept = samplerState ? checkedState(trial.samplerState) : undefined;
      return [
        {
          ...{ type: 'loaded' as const, number, params: trial.params },
          outcome: checkedOutcome(outcome, needs),
          ...(kept && { samplerState: kept }),
        },
        ...(notes ? [{ type: 'noted' as const, number, ...notes }] : []),
      ];
    });
  return { events: events.flat(), answer: () => events.length };
}
