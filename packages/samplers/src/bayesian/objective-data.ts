/** One of several objectives as data to fit. */
import { type Dataset, matrixOf, type Objective, type Params, type SampleRequest } from '@foothold/core';
import { objectiveOf, objectiveOutlierBound } from './objective-values.ts';

/** Share of the range of the regular values by which a failed trial counts as worse; that of `datasetOf`. */
const margin = 0.1;

export interface ObjectiveData {
  readonly data: Dataset;
  /** Rows of failed trials and of outliers: they have the smallest value, and no other row has. */
  readonly irregular: number;
  /** The worst regular value, to be maximized, where there are outliers below it. */
  readonly outlierBound: number | undefined;
}

/**
 * The objective in the finished trials, to be maximized: as `datasetOf` has the value. A trial without it counts as failed. Pruned trials are
 * left out: what they reported has no expectation of the other objectives. The rows are the same for every objective.
 */
export function objectiveData<P extends Params>(
  { space, trials }: Pick<SampleRequest<P>, 'space' | 'trials'>,
  objective: Objective,
): ObjectiveData {
  const done = trials.filter(({ state }) => state === 'complete' || state === 'failed');
  const x = matrixOf(
    done.map(({ params }) => space.encode(params)),
    space.columns.length,
  );
  const told = Float64Array.from(done, (trial) => objectiveOf(trial, objective));
  const outlierBound = objectiveOutlierBound(told, x);
  const bound = outlierBound ?? -Infinity;
  const isRegular = (v: number) => v >= bound;
  const regular = told.filter(isRegular);
  const low = regular.reduce((a, b) => Math.min(a, b), Infinity);
  // Each part by itself: the range may overflow.
  const range = regular.reduce((a, b) => Math.max(a, margin * b - margin * low), 0);
  const penalty =
    regular.length > 0
      ? Math.max(low - (range > 0 ? range : margin * (Math.abs(low) || 1)), -Number.MAX_VALUE)
      : 0;
  const y = told.map((v) => (isRegular(v) ? v : penalty));
  const noise = Float64Array.from(done, (trial, i) =>
    isRegular(told[i]!) && objective.metric === 'value' && trial.state === 'complete'
      ? (trial.standardError ?? 0) ** 2
      : 0,
  );
  const data = noise.some((v) => v > 0) ? { x, y, noise } : { x, y };
  return { data, irregular: y.length - regular.length, outlierBound };
}
