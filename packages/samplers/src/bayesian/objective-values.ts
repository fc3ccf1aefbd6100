/** The values of one of several objectives, and which of them are outliers. */
import { figureOf, type Matrix, type Objective, outlierBound, type Trial } from '@foothold/core';

/** The objective of a finished trial, larger is better; NaN where it is not known or not finite. */
export function objectiveOf(trial: Trial, { metric, direction }: Objective): number {
  const value = trial.state === 'complete' ? figureOf(trial, metric) : Number.NaN;
  return Number.isFinite(value) ? (direction === 'maximize' ? value : -value) : Number.NaN;
}

/**
 * The worst regular value of one of several objectives; undefined where there are no outliers, n values. These are at most half of the values: a
 * smaller group of values that differ little may as well be one end of the front, as where an objective is 0 on a face of the space.
 */
export function objectiveOutlierBound(y: Float64Array, x: Matrix): number | undefined {
  const bound = outlierBound(y, x);
  if (bound === undefined) return undefined;
  const finite = y.filter(Number.isFinite);
  return 2 * finite.filter((v) => v < bound).length > finite.length ? undefined : bound;
}
