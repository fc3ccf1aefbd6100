import { matrixOf } from './matrix.ts';
import { outlierBound } from './outlier-bound.ts';
import { prunedValues } from './pruned-values.ts';
import type { SearchSpace } from './search-space.ts';
import type { Dataset } from './surrogate.ts';
import type { Direction, Params, Trial } from './trial.ts';

/** Share of the observed range by which a failed trial counts as worse than the worst value seen. */
const failureMargin = 0.1;

/**
 * The finished trials as a dataset to be maximized: the only place where the direction of a study turns a sign.
 *
 * Failed trials, and values that are not finite, take part as the worst finite value minus a tenth of the range
 * (the infeasible rule of Vizier, Song et al. 2022, §4.2), so that a model learns to avoid their neighbourhood;
 * running trials are left out. A pruned trial takes part with what its value is expected to be (`prunedValues`), as an observation
 * with known noise; one without reports is left out. Outliers on the bad side (`outlierBound`) count as failed: a penalty would leave
 * no room for the differences among the other values. With nothing finite the dataset has only the points, all of value 0.
 * `noise` holds the squared standard errors (0 where a trial has none) when at least one trial has one.
 */
export function datasetOf<P extends Params>(
  space: SearchSpace<P>,
  trials: readonly Trial<P>[],
  direction: Direction,
): Dataset {
  const sign = direction === 'maximize' ? 1 : -1;
  const pruned = prunedValues(trials, direction);
  const done = trials.filter((t) => t.state === 'complete' || t.state === 'failed' || pruned.has(t.number));
  const x = matrixOf(
    done.map((t) => space.encode(t.params)),
    space.columns.length,
  );
  const told = Float64Array.from(done, (t) => {
    const value = t.state === 'complete' ? t.value : (pruned.get(t.number)?.value ?? Number.NaN);
    return Number.isFinite(value) ? sign * value : Number.NaN;
  });
  const bound = outlierBound(told, x) ?? -Infinity;
  const values = told.map((v) => (v < bound ? Number.NaN : v));
  let worst = Infinity;
  let best = -Infinity;
  for (const v of values) {
    if (v < worst) worst = v;
    if (v > best) best = v;
  }
  const spread = best - worst;
  const margin = failureMargin * (spread > 0 && spread < Infinity ? spread : Math.abs(worst) || 1);
  const penalty = Number.isFinite(worst) ? Math.max(worst - margin, -Number.MAX_VALUE) : 0;
  const y = Float64Array.from(values, (v) => (Number.isNaN(v) ? penalty : v));
  const errors = done.map((t, i) => {
    if (told[i]! < bound) return 0;
    return t.state === 'complete' ? (t.standardError ?? 0) : (pruned.get(t.number)?.standardError ?? 0);
  });
  return errors.some((e) => e > 0) ? { x, y, noise: Float64Array.from(errors, (e) => e * e) } : { x, y };
}

/** Complete trials whose values are outliers on the bad side. */
export interface Outliers {
  /** How many. */
  readonly trials: number;
  /** The worst value that is none, as it was told, and the number of its trial. */
  readonly bound: number;
  readonly number: number;
}

/** The trials that `datasetOf` counts as failed for their values; undefined where there are none. */
export function outliersOf<P extends Params>(
  space: SearchSpace<P>,
  trials: readonly Trial<P>[],
  direction: Direction,
): Outliers | undefined {
  const sign = direction === 'maximize' ? 1 : -1;
  const done = trials.filter((t) => t.state === 'complete');
  const y = Float64Array.from(done, (t) => sign * t.value);
  const x = matrixOf(
    done.map((t) => space.encode(t.params)),
    space.columns.length,
  );
  const bound = outlierBound(y, x);
  if (bound === undefined) return undefined;
  return {
    trials: y.filter((v) => v < bound && Number.isFinite(v)).length,
    bound: sign * bound,
    number: done[y.indexOf(bound)]!.number,
  };
}
