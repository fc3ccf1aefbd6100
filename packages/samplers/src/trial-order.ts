/** Order of trials under a goal: non-dominated sorting and crowding (Deb et al. 2002, "A Fast and Elitist Multiobjective Genetic Algorithm", §III). */
import type { Goal, Params, SampleRequest, Trial } from '@foothold/core';

/** A complete trial among its peers: front 0 is the Pareto front; more crowding distance is better. */
export interface Ranked {
  readonly trial: Trial;
  readonly point: Float64Array;
  /** Objectives, all to be minimized. */
  readonly values: Float64Array;
  /** Sum of what the outcome constraints are exceeded by, 0 where all are kept. */
  readonly violation: number;
  front: number;
  crowding: number;
}

/**
 * Complete trials with finite objectives, best first: those that keep the outcome constraints by front, then by crowding
 * distance, then the others by how much they exceed them, each a front of its own.
 */
export function ranked<P extends Params>(request: SampleRequest<P>): readonly Ranked[] {
  const all = request.trials.flatMap((trial): Ranked[] => {
    const values = objectivesOf(request, trial);
    if (!values?.every(Number.isFinite)) return [];
    const violation = violationOf(request, trial);
    const point = request.space.encode(trial.params);
    return [{ trial, point, values, violation, front: 0, crowding: 0 }];
  });
  const feasible = all.filter(({ violation }) => violation === 0);
  const others = all.filter(({ violation }) => violation > 0).sort((a, b) => a.violation - b.violation);
  const fronts = frontsOf(feasible);
  for (const front of fronts) crowd(front);
  others.forEach((a, i) => {
    a.front = fronts.length + i;
    a.crowding = Infinity;
  });
  feasible.sort((a, b) => a.front - b.front || b.crowding - a.crowding);
  return [...feasible, ...others];
}

/**
 * Fronts by efficient non-dominated sorting (Zhang et al. 2015, "An Efficient Approach to Nondominated Sorting"): in
 * lexicographic order nobody is dominated by a later one, so that each joins the first front with none that dominates it.
 */
function frontsOf(all: readonly Ranked[]): readonly Ranked[][] {
  const order = [...all].sort((a, b) => {
    const k = a.values.findIndex((v, i) => v !== b.values[i]);
    return k < 0 ? 0 : a.values[k]! - b.values[k]!;
  });
  const fronts: Ranked[][] = [];
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

function dominates(a: Float64Array, b: Float64Array): boolean {
  let better = false;
  for (let k = 0; k < a.length; k++) {
    if (a[k]! > b[k]!) return false;
    if (a[k]! < b[k]!) better = true;
  }
  return better;
}

function crowd(front: readonly Ranked[]): void {
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

function metricOf(trial: Trial & { readonly state: 'complete' }, metric: string): number {
  return metric === 'value' ? trial.value : (trial.metrics?.[metric] ?? Number.NaN);
}

/** Objectives of a complete trial, all to be minimized, NaN for a metric that it lacks; undefined of others. */
export function objectivesOf(goal: Goal, trial: Trial): Float64Array | undefined {
  if (trial.state !== 'complete') return undefined;
  const objectives = goal.objectives ?? [{ metric: 'value', direction: goal.direction }];
  return Float64Array.from(objectives, ({ metric, direction }) => {
    const value = metricOf(trial, metric);
    return direction === 'minimize' ? value : -value;
  });
}

/** Sum of what a complete trial exceeds the constraints by; Infinity where a constraint's metric is missing. */
export function violationOf(goal: Goal, trial: Trial): number {
  if (trial.state !== 'complete') return Infinity;
  return (goal.constraints ?? []).reduce((sum, limit) => {
    const value = metricOf(trial, limit.metric);
    if (Number.isNaN(value)) return Infinity;
    return sum + Math.max(0, 'atMost' in limit ? value - limit.atMost : limit.atLeast - value);
  }, 0);
}
