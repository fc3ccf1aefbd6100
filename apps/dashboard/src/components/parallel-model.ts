import { figureOf, type Trial, violationOf } from '@foothold/core';
import { comparableTrials } from '@foothold/study';
import { type ParameterAxis, parameterAxes, shortNumber } from '@foothold/viz';
import type { LiveStudy } from '../study/live-study.ts';
import { shownObjectives } from '../study/objectives.ts';
import { type AxisFilter, axisKey, type FilterAxis, type TrialFilters } from '../study/trial-filters.ts';

/** A vertical axis: where each trial lies on it, and what a brush on it means. */
export interface ParallelAxis {
  readonly axis: FilterAxis;
  readonly title: string;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  /** Position of each trial from 0 (bottom) to 1, NaN for none; in the order of `trials`. */
  readonly positions: Float32Array;
  /** What a brush between two positions keeps. */
  filterAt(low: number, high: number): AxisFilter;
  /** The positions that a filter has. */
  spanOf(filter: AxisFilter): readonly [low: number, high: number];
}

export interface ParallelModel {
  readonly trials: readonly Trial[];
  readonly axes: readonly ParallelAxis[];
  /** Rank of each trial in the first objective: 1 for the best, 0 for the worst, −1 where it cannot be the best. */
  readonly rank: Float32Array;
}

/** Half of the distance that a level's brush takes around it. */
const levelMargin = 0.5;

/** The complete trials over the parameters and the objectives of the study. */
export function parallelModel({ state }: LiveStudy): ParallelModel {
  const objectives = shownObjectives(state.goal!, state.facts);
  const trials = state.trials.filter(
    (trial): trial is Trial & { readonly state: 'complete' } =>
      trial.state === 'complete' &&
      objectives.every(({ metric }) => Number.isFinite(figureOf(trial, metric))),
  );
  const params = parameterAxes(trials, state.space).map((axis) => paramAxis(axis, trials));
  const figures = objectives.map((objective) => figureAxis(objective, trials));
  const first = objectives[0]!;
  const compared = new Set(comparableTrials(state));
  const canBeBest = (trial: (typeof trials)[number]) =>
    compared.has(trial) && !(violationOf(state.goal!, trial) > 0);
  const rank = figures[0]!.positions.map((position, i) =>
    canBeBest(trials[i]!) ? (first.direction === 'minimize' ? 1 - position : position) : -1,
  );
  return { trials, axes: [...params, ...figures], rank };
}

function paramAxis(axis: ParameterAxis, trials: readonly Trial[]): ParallelAxis {
  const { name, ticks, numberAt } = axis;
  const positions = Float32Array.from(trials, (trial) => axis.position(trial.params[name]) ?? Number.NaN);
  const levels = ticks.map(({ label }) => label);
  const margin = levelMargin / Math.max(levels.length - 1, 1);
  const filterAt = (low: number, high: number): AxisFilter =>
    numberAt
      ? { kind: 'range', low: numberAt(low), high: numberAt(high) }
      : {
          kind: 'levels',
          levels: ticks.filter(({ at }) => at >= low - 1e-9 && at <= high + 1e-9).map(({ label }) => label),
        };
  const spanOf = (filter: AxisFilter): readonly [number, number] => {
    if (filter.kind === 'range') return [axis.position(filter.low) ?? 0, axis.position(filter.high) ?? 1];
    const at = filter.levels.map((level) => axis.position(level) ?? 0);
    return [Math.max(Math.min(...at) - margin, 0), Math.min(Math.max(...at) + margin, 1)];
  };
  return { axis: { kind: 'param', name }, title: name, ticks, positions, filterAt, spanOf };
}

/** Figures are placed by rank, so that one bad value does not flatten the rest. */
function figureAxis(
  { metric, title }: { readonly metric: string; readonly title: string },
  trials: readonly Trial[],
): ParallelAxis {
  const values = trials.map((trial) => (trial.state === 'complete' ? figureOf(trial, metric) : Number.NaN));
  const sorted = Float64Array.from(values).sort();
  const last = Math.max(sorted.length - 1, 1);
  /** Position of the first value that is not smaller. */
  const place = (value: number) => {
    let [from, to] = [0, sorted.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (sorted[middle]! < value) from = middle + 1;
      else to = middle;
    }
    return Math.min(from / last, 1);
  };
  const valueAt = (position: number, round: (index: number) => number) =>
    sorted[Math.min(Math.max(round(position * last), 0), sorted.length - 1)] ?? 0;
  const ticks =
    sorted.length === 0
      ? []
      : [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, label: shortNumber(valueAt(at, Math.round)) }));
  return {
    ...{ axis: { kind: 'figure' as const, name: metric }, title, ticks },
    positions: Float32Array.from(values, place),
    filterAt: (low, high) => ({
      kind: 'range',
      low: valueAt(low, Math.ceil),
      high: valueAt(high, Math.floor),
    }),
    spanOf: (filter) => (filter.kind === 'range' ? [place(filter.low), place(filter.high)] : [0, 1]),
  };
}

/** Which of the model's trials the filters keep: 1 for those, in the order of `trials`. */
export function keptMask({ trials, axes }: ParallelModel, filters: TrialFilters): Uint8Array {
  const mask = new Uint8Array(trials.length).fill(1);
  for (const { axis, positions, spanOf } of axes) {
    const found = filters.get(axisKey(axis));
    if (!found) continue;
    const [low, high] = spanOf(found.filter);
    for (let i = 0; i < mask.length; i++) {
      const at = positions[i]!;
      if (!(at >= low - 1e-6 && at <= high + 1e-6)) mask[i] = 0;
    }
  }
  return mask;
}
