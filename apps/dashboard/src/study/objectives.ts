import { type Direction, figureOf, type Goal, objectivesOf, type Trial, violationOf } from '@foothold/core';

/** A figure that a study optimizes, as charts show it. */
export interface ShownObjective {
  readonly metric: string;
  readonly direction: Direction;
  /** Name on an axis. */
  readonly title: string;
}

/** The objectives of a goal, with the name that the study's facts have for the value. */
export function shownObjectives(
  goal: Goal,
  facts?: Readonly<Record<string, unknown>>,
): readonly ShownObjective[] {
  const named = facts?.['metric'] ?? facts?.['value'];
  const title = typeof named === 'string' && named !== '' ? shortened(named) : 'value';
  return objectivesOf(goal).map(({ metric, direction }) => ({
    metric,
    direction,
    title: metric === 'value' ? title : shortened(metric),
  }));
}

/** Characters of a name in titles. */
const maxTitle = 48;

function shortened(name: string): string {
  return name.length > maxTitle ? `${name.slice(0, maxTitle - 1)}…` : name;
}

/** The trials with the figure of this objective as their value, for charts that read `value`. */
export function withObjective(trials: readonly Trial[], metric: string): readonly Trial[] {
  if (metric === 'value') return trials;
  return trials.map((trial) =>
    trial.state === 'complete' ? { ...trial, value: figureOf(trial, metric) } : trial,
  );
}

/** What `feasibleValues` marks a trial with. A program may give any reason for a failure, but no log has this. */
const brokenLimit = Symbol('breaks a limit of the goal');

/** Whether `feasibleValues` took the trial's value away. */
export function breaksLimit(trial: Trial): boolean {
  return brokenLimit in trial;
}

/** The trials without a value where they break an outcome constraint, so that they are never the best. */
export function feasibleValues(trials: readonly Trial[], goal: Goal): readonly Trial[] {
  if (!goal.constraints?.length) return trials;
  return trials.map((trial) =>
    trial.state === 'complete' && violationOf(goal, trial) > 0
      ? { ...trial, state: 'failed' as const, reason: 'breaks a limit of the goal', [brokenLimit]: true }
      : trial,
  );
}

/** The trials with an objective's figure as their value, without one where they break a limit: which may be a limit of `value` itself. */
export function objectiveValues(trials: readonly Trial[], metric: string, goal: Goal): readonly Trial[] {
  return withObjective(feasibleValues(trials, goal), metric);
}
