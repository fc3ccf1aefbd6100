import { type EmpiricalPrior, empiricalPriorOf, type PrepareSourcesOptions } from './empirical-prior-of.ts';
import type { PriorTask } from './prior-task.ts';

/** Sources with their empirical prior, which is computed at the first call of `prior` and kept. */
export interface PreparedSources {
  /** Undefined where no source has a usable row. */
  prior(): Promise<EmpiricalPrior | undefined>;
}

/**
 * Sources for `autoTransfer`, `empiricalPrior` and `warmStart`, which share the empirical prior: it takes seconds with many
 * sources.
 */
export function prepareSources(
  sources: readonly PriorTask[],
  options: PrepareSourcesOptions = {},
): PreparedSources {
  let prior: Promise<EmpiricalPrior | undefined> | undefined;
  return {
    prior() {
      prior ??= empiricalPriorOf(sources, options);
      return prior;
    },
  };
}

/** Prepared sources as they are, others prepared with these options. */
export function preparedFrom(
  sources: readonly PriorTask[] | PreparedSources,
  options: PrepareSourcesOptions,
): PreparedSources {
  return 'prior' in sources ? sources : prepareSources(sources, options);
}
