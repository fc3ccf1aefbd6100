import type { Params, SampleRequest, Trial } from '@foothold/core';

/** A finished trial among its peers: front 0 is the Pareto front; more crowding distance is better. */
export interface Ranked {
  readonly point: Float64Array;
  /** Objectives, all to be minimized. */
  readonly values: Float64Array;
  /** Sum of what the outcome constraints are exceeded by, 0 where all are kept. */
  readonly violation: number;
  front: number;
  crowding: number;
}

/** Complete trials with finite objectives, best `wanted` first: by front, then by crowding distance (Deb et al. 2002, §III). */
export function ranked<P extends Params>(request: SampleRequest<P>, wanted: number): readonly Ranked[] {
  const all = request.trials.flatMap((trial) => {
    const values = objectivesOf(request, trial);
    if (!values?.every(Number.isFinite)) return [];
    const violation = violationOf(request, trial);
    return [{ point: request.space.encode(trial.params), values, violation, front: -1, crowding: 0 }];
  });
  const sorted: Ranked[] = [];
  let rest: Ranked[] = all;
  for (let front = 0; rest.length > 0 && sorted.length < wanted; front++) {
    const best = rest.filter((a) => !rest.some((b) => dominates(b, a)));
    for (const a of best) a.front = front;
    crowd(best);
    sorted.push(...best.sort((a, b) => b.crowding - a.crowding));
    rest = rest.filter((a) => a.front < 0);
  }
  return sorted.slice(0, wanted);
}

/** Constrained domination: feasible before infeasible, less violation before more, then no worse in all and better in one. */
function dominates(a: Ranked, b: Ranked): boolean {
  if (a.violation !== b.violation) return a.violation < b.violation;
  return a.values.every((v, k) => v <= b.values[k]!) && a.values.some((v, k) => v < b.values[k]!);
}

function crowd(front: Ranked[]): void {
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

function metricOf(trial: Trial, metric: string): number | undefined {
  if (trial.state !== 'complete') return undefined;
  return metric === 'value' ? (trial.metrics?.[metric] ?? trial.value) : trial.metrics?.[metric];
}

/** The objectives of a complete trial, all to be minimized; NaN for a metric that it lacks. */
function objectivesOf(
  request: Pick<SampleRequest, 'objectives' | 'direction' | 'constraints'>,
  trial: Trial,
): Float64Array | undefined {
  if (trial.state !== 'complete') return undefined;
  const objectives = request.objectives ?? [{ metric: 'value', direction: request.direction }];
  return Float64Array.from(objectives, ({ metric, direction }) => {
    const value = metricOf(trial, metric) ?? Number.NaN;
    return direction === 'minimize' ? value : -value;
  });
}

function violationOf(
  request: Pick<SampleRequest, 'objectives' | 'direction' | 'constraints'>,
  trial: Trial,
): number {
  return (request.constraints ?? []).reduce((sum, limit) => {
    const value = metricOf(trial, limit.metric);
    if (value === undefined || Number.isNaN(value)) return Infinity;
    return sum + Math.max(0, 'atMost' in limit ? value - limit.atMost : limit.atLeast - value);
  }, 0);
}
