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

/**
 * The parameter that says how far a configuration is trained (epochs, steps), and where its value counts. Each trial of such a study is a
 * piece of training: the parameters of one configuration, and beside them the fidelity up to which it is trained.
 */
export interface TrainingFidelity {
  /** Name of the parameter, a whole number from 1. */
  readonly name: string;
  /** Its largest value: the best trial is one that was trained so far. A whole number from 2. */
  readonly max: number;
  /** Whether training goes on from where it was left. `false`: each piece begins at 0. Default: true. */
  readonly continues?: boolean | undefined;
}

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
  /** Trials are pieces of training. Absent: each trial is a whole evaluation. */
  readonly fidelity?: TrainingFidelity | undefined;
}
