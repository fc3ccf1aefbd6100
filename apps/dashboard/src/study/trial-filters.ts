import { figureOf, type Params, type Trial } from '@foothold/core';

/** What a person keeps on one axis: a range of numbers, or some levels. */
export type AxisFilter =
  | { readonly kind: 'range'; readonly low: number; readonly high: number }
  | { readonly kind: 'levels'; readonly levels: readonly string[] };

/** An axis that can be filtered: a parameter, or a figure of a complete trial. */
export interface FilterAxis {
  readonly kind: 'param' | 'figure';
  readonly name: string;
}

/** Filters by the key of their axis. */
export type TrialFilters = ReadonlyMap<string, { readonly axis: FilterAxis; readonly filter: AxisFilter }>;

export function axisKey({ kind, name }: FilterAxis): string {
  return `${kind}:${name}`;
}

/** The filters with this one, or without the axis's filter where it is undefined. */
export function withFilter(
  filters: TrialFilters,
  axis: FilterAxis,
  filter: AxisFilter | undefined,
): TrialFilters {
  const changed = new Map(filters);
  if (filter === undefined) changed.delete(axisKey(axis));
  else changed.set(axisKey(axis), { axis, filter });
  return changed;
}

/** What the axis shows of a trial; undefined where it has none. */
export function rawValue(trial: Trial, axis: FilterAxis): Params[string] | undefined {
  if (axis.kind === 'param') return trial.params[axis.name];
  if (trial.state !== 'complete') return undefined;
  const figure = figureOf(trial, axis.name);
  return Number.isNaN(figure) ? undefined : figure;
}

/** The trials that every filter keeps. */
export function keptTrials(trials: readonly Trial[], filters: TrialFilters): readonly Trial[] {
  if (filters.size === 0) return trials;
  const all = [...filters.values()];
  return trials.filter((trial) => all.every(({ axis, filter }) => keeps(filter, rawValue(trial, axis))));
}

function keeps(filter: AxisFilter, raw: Params[string] | undefined): boolean {
  if (raw === undefined) return false;
  if (filter.kind === 'levels') return filter.levels.includes(String(raw));
  return typeof raw === 'number' && raw >= filter.low && raw <= filter.high;
}
