import type { Goal } from './goal.ts';
import type { Report, Trial } from './trial.ts';

/** Ends trials early whose reports are worse than those of others. */
export interface Pruner {
  /**
   * True when the running trial is not worth finishing, after its latest report. `others` are the study's other trials in
   * order of their numbers; running ones without a report may be left out. A function of its arguments alone.
   */
  prune(trial: Trial, others: Iterable<Trial>, goal: Goal): boolean;
  /**
   * An empty memory for one study, which decides as `prune` does. With it a report costs the same in a long study as in a
   * short one; without it `prune` is called with all trials at each report.
   */
  index?(goal: Goal): PruningIndex;
}

/** What a pruner remembers of a study. It hears of each change once, in the order of the log. */
export interface PruningIndex {
  /** A running trial has one more report. */
  reported(trial: Trial, report: Report): void;
  /** A trial is complete, pruned or failed. */
  ended(trial: Trial): void;
  /** A trial will run again: what it reported does not count any more. */
  restarted(trial: Trial): void;
  /** True when the running trial is not worth finishing, after its latest report. */
  prune(trial: Trial): boolean;
}
