/** Order of trials under a goal: non-dominated sorting and crowding (Deb et al. 2002, "A Fast and Elitist Multiobjective Genetic Algorithm", §III). */
import type { Goal, Objective } from './goal.ts';
import type { Params, Trial } from './trial.ts';

/** A trial that has a value. */
export type CompleteTrial<P extends Params = Params> = Extract<Trial<P>, { readonly state: 'complete' }>;

/** A complete trial among its peers. */
export interface RankedTrial<P extends Params = Params> {
  readonly trial: CompleteTrial<P>;
  /** Objectives, all to be minimized. */
  readonly values: Float64Array;
  /** Sum of what the outcome constraints are exceeded by, 0 where all are kept. */
  readonly violation: number;
  /** 0 for the Pareto front; trials that break constraints come after all others, a front each. */
  readonly front: number;
  /** Crowding distance within the front; more is better. */
  readonly crowding: number;
}

type Ranked<P extends Params> = { -readonly [key in keyof RankedTrial<P>]: RankedTrial<P>[key] };

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

/**
 * Complete trials with finite objectives, best first: those that keep the outcome constraints by front, then by crowding
 * distance, then the others by how much they exceed them, each a front of its own.
 */
export function rankedTrials<P extends Params>(
  trials: readonly Trial<P>[],
  goal: Goal,
): readonly RankedTrial<P>[] {
  const all = trials.flatMap((trial): Ranked<P>[] => {
    if (trial.state !== 'complete') return [];
    const values = minimizedValues(goal, trial);
    if (!values.every(Number.isFinite)) return [];
    return [{ trial, values, violation: violationOf(goal, trial), front: 0, crowding: 0 }];
  });
  const feasible = all.filter(({ violation }) => violation === 0);
  const others = all
    .filter(({ violation }) => violation > 0)
    .sort((a, b) => (a.violation === b.violation ? 0 : a.violation - b.violation));
  const fronts = frontsOf(feasible);
  for (const front of fronts) setCrowding(front);
  others.forEach((a, i) => {
    a.front = fronts.length + i;
    a.crowding = Infinity;
  });
  feasible.sort((a, b) => a.front - b.front || b.crowding - a.crowding);
  return [...feasible, ...others];
}

/**
 * Fronts by efficient non-dominated sorting (Zhang et al. 2015, "An Efficient Approach to Nondominated Sorting"): in
 * lexicographic order no trial is dominated by a later one, so that each joins the first front with none that dominates it.
 */
function frontsOf<P extends Params>(all: readonly Ranked<P>[]): readonly Ranked<P>[][] {
  const order = [...all].sort((a, b) => {
    const k = a.values.findIndex((v, i) => v !== b.values[i]);
    return k < 0 ? 0 : a.values[k]! - b.values[k]!;
  });
  const fronts: Ranked<P>[][] = [];
  for (const a of order) {
    // With one objective all earlier values are smaller or equal: only the last front can have room.
    let front = a.values.length === 1 ? Math.max(fronts.length - 1, 0) : 0;
    while (front < fronts.length && fronts[front]!.some((b) => dominates(b.values, a.values))) front++;
    a.front = front;
    if (front === fronts.length) fronts.push([]);
    fronts[front]!.push(a);
  }
  return fronts;
}

/** Whether `a` dominates `b`, values to be minimized: it is no worse in all, better in one. */
export function dominates(a: Float64Array, b: Float64Array): boolean {
  let better = false;
  for (let k = 0; k < a.length; k++) {
    if (a[k]! > b[k]!) return false;
    if (a[k]! < b[k]!) better = true;
  }
  return better;
}

function setCrowding<P extends Params>(front: readonly Ranked<P>[]): void {
  for (let k = 0; k < (front[0]?.values.length ?? 0); k++) {
    const sorted = [...front].sort((a, b) => a.values[k]! - b.values[k]!);
    const range = sorted.at(-1)!.values[k]! - sorted[0]!.values[k]! || 1;
    sorted.forEach((a, i) => {
      const below = sorted[i - 1];
      const above = sorted[i + 1];
      a.crowding += below && above ? (above.values[k]! - below.values[k]!) / range : Infinity;
    });
  }
}
