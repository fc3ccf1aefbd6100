import type { Goal, Params, Pruner, Trial } from '@foothold/core';
import type { LiveState } from '../replay.ts';
import { observe } from './indexed-pruner.ts';

/** The pruner of one study. */
export interface Pruning<P extends Params> {
  /** Looks at all trials the first time, and from then on hears of each change. */
  follow(state: LiveState<P>): void;
  /** Whether the running trial is not worth finishing. */
  prune(trial: Trial<P>): boolean;
}

/** Nothing is looked at before `follow`. */
export function pruningOf<P extends Params>(pruner: Pruner, goal: Goal): Pruning<P> {
  let decide: ((trial: Trial<P>) => boolean) | undefined;
  return {
    follow: (state) => {
      if (decide) return;
      const index = pruner.index?.(goal);
      if (!index) {
        decide = (trial) => pruner.prune(trial, othersIn(state.trials, trial.number), goal);
        return;
      }
      decide = (trial) => index.prune(trial);
      for (const trial of state.trials) observe(index, trial);
      state.watch(index);
    },
    prune: (trial) => decide?.(trial) ?? false,
  };
}

function* othersIn(trials: readonly Trial[], number: number): Generator<Trial> {
  for (const trial of trials) if (trial.number !== number) yield trial;
}
