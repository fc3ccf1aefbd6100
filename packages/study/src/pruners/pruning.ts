import type { Goal, Params, Pruner, PruningIndex, Report, Trial } from '@foothold/core';
import type { LiveState } from '../state/study-state.ts';
import { observe } from './indexed-pruner.ts';

/** The pruner of one study. */
export interface Pruning<P extends Params> {
  /** Looks at all trials the first time and after one was deleted or restored, and from then on hears of each change. */
  follow(state: LiveState<P>): void;
  /** Whether the running trial is not worth finishing. */
  prune(trial: Trial<P>): boolean;
  /**
   * Index of the first of these reports after which the running trial would not be worth finishing, -1 where there is none; a report that
   * is not new is in the trial already, and undefined ones are passed over. Nothing is remembered of them.
   */
  firstToPrune(trial: Trial<P>, reports: readonly (ExpectedReport | undefined)[]): number;
}

/** A report that is not in the log yet, unless it is not new. */
export interface ExpectedReport {
  readonly report: Report;
  readonly isNew: boolean;
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
    firstToPrune: (trial, reports) => {
      const own = [...trial.reports];
      const at = reports.findIndex((expected) => {
        if (!expected) return false;
        const { report, isNew } = expected;
        if (isNew) own.push(report);
        const count = own.length;
        // The list is copied when it is looked at: an index does not.
        const after = {
          ...trial,
          get reports() {
            return own.slice(0, count);
          },
        };
        if (isNew) index?.reported(after, report);
        return decide?.(after) ?? false;
      });
      index?.restarted(trial);
      for (const report of trial.reports) index?.reported(trial, report);
      return at;
    },
  };
}

function* othersIn(trials: readonly Trial[], number: number): Generator<Trial> {
  for (const trial of trials) if (trial.number !== number) yield trial;
}
