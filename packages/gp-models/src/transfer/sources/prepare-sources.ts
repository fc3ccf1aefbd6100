import type { PriorTask, SourceValues } from '@foothold/core';
import { type EmpiricalPrior, empiricalPriorOf, type PrepareSourcesOptions } from './empirical-prior-of.ts';

/** Sources with their empirical prior, which is computed at the first call of `prior` and kept. */
export interface PreparedSources {
  /** Undefined where no source has a usable row. */
  prior(): Promise<EmpiricalPrior | undefined>;
  /** What the sources say of the prior's inducing points, for `warmStart`; undefined as the prior is. */
  values(): Promise<SourceValues | undefined>;
}

/**
 * Sources for `autoTransfer`, `empiricalPrior` and the sampler `warmStart`, which share the empirical prior: it takes seconds
 * with many sources.
 */
export function prepareSources(
  sources: readonly PriorTask[],
  options: PrepareSourcesOptions = {},
): PreparedSources {
  let prior: Promise<EmpiricalPrior | undefined> | undefined;
  let values: Promise<SourceValues | undefined> | undefined;
  const priorOnce = () => {
    prior ??= empiricalPriorOf(sources, options);
    return prior;
  };
  return {
    prior: priorOnce,
    values() {
      values ??= priorOnce().then((found) => found && valuesOf(found));
      return values;
    },
  };
}

function valuesOf({ names, weights, basis }: EmpiricalPrior): SourceValues {
  const { inducingPoints: points, values, taskValues } = basis;
  const mean = Float64Array.from({ length: values.rows }, (_, i) => values.data[i * values.columns]!);
  return { names, weights, points, mean, taskValues };
}

/** Prepared sources as they are, others prepared with these options. */
export function preparedFrom(
  sources: readonly PriorTask[] | PreparedSources,
  options: PrepareSourcesOptions,
): PreparedSources {
  return 'prior' in sources ? sources : prepareSources(sources, options);
}
