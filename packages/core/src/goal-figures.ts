/** The figures of a complete trial that a goal names. */
import type { Goal, Objective } from './goal.ts';
import type { Params, Trial } from './trial.ts';

/** A trial that has a value. */
export type CompleteTrial<P extends Params = Params> = Extract<Trial<P>, { readonly state: 'complete' }>;

/** The figures to optimize; one, the value, where the goal names none. */
export function objectivesOf(goal: Goal): readonly Objective[] {
  return goal.objectives ?? [{ metric: 'value', direction: goal.direction }];
}

/**
 * The figure that a goal calls `metric`, NaN where the trial lacks it: the trial's value for 'value', whatever its metrics
 * are called, else the metric of that name.
 */
export function figureOf({ value, metrics = {} }: CompleteTrial, metric: string): number {
  if (metric === 'value') return value;
  return Object.hasOwn(metrics, metric) ? metrics[metric]! : Number.NaN;
}

/** The objectives of a complete trial, all to be minimized; NaN for one that it lacks. */
export function minimizedValues(goal: Goal, trial: CompleteTrial): Float64Array {
  return Float64Array.from(objectivesOf(goal), ({ metric, direction }) => {
    const value = figureOf(trial, metric);
    return direction === 'minimize' ? value : -value;
  });
}

/** Sum of what a complete trial exceeds the goal's constraints by; Infinity where a figure is missing or not finite. */
export function violationOf({ constraints = [] }: Pick<Goal, 'constraints'>, trial: CompleteTrial): number {
  return constraints.reduce((sum, limit) => {
    const value = figureOf(trial, limit.metric);
    if (!Number.isFinite(value)) return Infinity;
    return sum + Math.max(0, 'atMost' in limit ? value - limit.atMost : limit.atLeast - value);
  }, 0);
}
