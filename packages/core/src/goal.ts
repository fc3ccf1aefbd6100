import type { Direction } from './trial.ts';

/** A figure to optimize beside or instead of the value: `metric` names an entry of `metrics`, or 'value'. */
export interface Objective {
  readonly metric: string;
  readonly direction: Direction;
}

/** A limit on a metric that the best trial must keep. */
export type OutcomeConstraint =
  | { readonly metric: string; readonly atMost: number }
  | { readonly metric: string; readonly atLeast: number };

/** What a study is after. */
export interface Goal {
  readonly direction: Direction;
  /** Two or more make the study a search for the Pareto front; then `direction` is that of the first. */
  readonly objectives?: readonly Objective[] | undefined;
  readonly constraints?: readonly OutcomeConstraint[] | undefined;
  /** Metric that holds what a trial cost (seconds, money), positive: gain per cost is then what counts. */
  readonly cost?: string | undefined;
  /** Allows the same parameters to be proposed again, for noisy objectives. */
  readonly repeat?: boolean | undefined;
}
