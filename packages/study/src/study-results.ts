import type { Goal, Params, SearchSpace, Trial } from '@foothold/core';
import { loadedPresentTrials } from './edits/loaded-present-trials.ts';
import { bestTrial } from './goal.ts';
import type { LocalStudy } from './local-study.ts';
import type { StudyLog } from './log/study-log.ts';
import { endedTrials } from './state/ended-trials.ts';
import type { LiveState } from './state/study-state.ts';

/** What only looks at the state: the trials of a study and what is best of them, as they stand in its present space. */
export function studyResults<P extends Params>(
  read: StudyLog<P>['look'],
  {
    space,
    goal,
  }: {
    readonly space: SearchSpace<P>;
    readonly goal: Goal;
  },
): Pick<
  LocalStudy<P>,
  | 'trials'
  | 'pastTrials'
  | 'running'
  | 'waiting'
  | 'trial'
  | 'ended'
  | 'deletedTrials'
  | 'best'
  | 'pareto'
  | 'notes'
> {
  /** The view of a state. `marked` says of trials, after an edit, which are not in the present space. */
  const look = <T>(view: (state: LiveState<P>, marked: <R extends Trial<P>>(trial: R) => R) => T) =>
    read(async (state) => {
      const present = await loadedPresentTrials(state, space);
      return view(state, (trial) => (present ? (present.marked(trial) as typeof trial) : trial));
    });
  return {
    ended: (from) => look((state) => endedTrials(state, from)),
    deletedTrials: () => look(({ deleted }) => [...deleted.values()].sort((a, b) => a.number - b.number)),
    trials: () => look((state, marked) => state.trials.map(marked)),
    pastTrials: () =>
      read(async (state) => {
        const present = await loadedPresentTrials(state, space);
        return state.trials.map((trial) => present?.past(trial) ?? trial);
      }),
    running: () =>
      look((state, marked) =>
        [...state.running].sort((a, b) => a - b).map((number) => marked(state.trial(number)!)),
      ),
    waiting: () => look((state) => [...state.queue]),
    trial: (number) =>
      look((state, marked) => {
        const trial = state.trial(number);
        return trial && marked(trial);
      }),
    best: () =>
      look((state, marked) => {
        const best = bestTrial(state.trials, goal);
        return best && marked(best);
      }),
    pareto: async () => {
      const { paretoFront } = await import('./pareto-front.ts');
      return look((state, marked) => paretoFront(state.trials, goal).map(marked));
    },
    notes: () => look(({ attributes = {}, note }) => ({ attributes, ...(note !== undefined && { note }) })),
  };
}
