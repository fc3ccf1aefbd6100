/** Order of trials under a goal: non-dominated sorting and crowding (Deb et al. 2002, "A Fast and Elitist Multiobjective Genetic Algorithm", §III). */

import type { Goal } from './goal.ts';
import { type CompleteTrial, minimizedValues, violationOf } from './goal-figures.ts';
import type { Params, Trial } from './trial.ts';

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
