import { type Direction, largestOf, smallestOf, type Trial } from '@foothold/core';
import { bestOfValues } from '@foothold/viz';

/** Best and worst value of a task over all evaluations of all arms and repeats. */
export interface ValueRange {
  readonly best: number;
  readonly worst: number;
}

/** Value of a finished trial; NaN for a failed one. */
export const scoreOf = (trial: Trial): number => (trial.state === 'complete' ? trial.value : Number.NaN);

/** Undefined where no value is finite. */
export function rangeOf(values: readonly number[], direction: Direction): ValueRange | undefined {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return undefined;
  const [low, high] = [smallestOf(finite), largestOf(finite)];
  return direction === 'minimize' ? { best: low, worst: high } : { best: high, worst: low };
}

/**
 * Normalized regret after each evaluation, 0–1: the distance of the best value so far to the best of the range, in units of the range
 * (Liu et al. 2024, section 5). It is 1 before the first value, and 0 where all values of the task are equal.
 */
export function normalizedRegrets(
  values: readonly number[],
  { range, direction }: { readonly range: ValueRange; readonly direction: Direction },
): readonly number[] {
  const size = range.worst - range.best;
  return Array.from(bestOfValues(values, direction), (best) => {
    if (Number.isNaN(best)) return 1;
    return size === 0 ? 0 : Math.abs((best - range.best) / size);
  });
}

/** Average of several searches after one evaluation. */
export interface AverageRegret {
  readonly mean: number;
  /** Of the mean; NaN for one search. */
  readonly standardError: number;
  readonly searches: number;
}

/** Averages after each evaluation over the searches, of which all have the same length. */
export function averageRegrets(searches: readonly (readonly number[])[]): readonly AverageRegret[] {
  const n = searches.length;
  return (searches[0] ?? []).map((_, k) => {
    const values = searches.map((search) => search[k]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / n;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return { mean, standardError: Math.sqrt(squares / (n - 1) / n), searches: n };
  });
}
