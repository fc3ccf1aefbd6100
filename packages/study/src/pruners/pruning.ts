import type { Goal, Params, Pruner, PruningIndex, Trial } from '@foothold/core';
import type { LiveState } from '../state/study-state.ts';
import { observe } from './indexed-pruner.ts';

/** The pruner of one study. */
export interface Pruning<P extends Params> {
  /** Looks at all trials the first time and after one was deleted or restored, and from then on hears of each change. */
  follow(state: LiveState<P>): void;
  /** Whether the running trial is not worth finishing. */
  prune(trial: Trial<P>): boolean;
}

/** Nothing is looked at before `follow`. */
export function pruningOf<P extends Params>(pruner: Pruner, goal: Goal): Pruning<P> {
  let decide: ((trial: Trial<P>) => boolean) | undefined;
  let index: PruningIndex | undefined;
  let deletions = 0;
  /** An index of the trials that there are. */
  const filled = (state: LiveState<P>, empty: PruningIndex) => {
    deletions = state.deletions;
    for (const trial of state.trials) observe(empty, trial);
    return empty;
  };
  return {
    follow: (state) => {
      // No index forgets a trial.
      if (index && deletions !== state.deletions) index = filled(state, pruner.index!(goal));
      if (decide) return;
      index = pruner.index?.(goal);
      if (!index) {
        decide = (trial) => pruner.prune(trial, othersIn(state.trials, trial.number), goal);
        return;
      }
      filled(state, index);
      decide = (trial) => index!.prune(trial);
      state.watch({
        reported: (trial, report) => index!.reported(trial, report),
        ended: (trial) => index!.ended(trial),
        restarted: (trial) => index!.restarted(trial),
      });
    },
    prune: (trial) => decide?.(trial) ?? false,
  };
}

function* othersIn(trials: readonly Trial[], number: number): Generator<Trial> {
  for (const trial of trials) if (trial.number !== number) yield trial;
}
