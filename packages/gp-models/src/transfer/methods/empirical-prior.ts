import { type PriorTask, type Surrogate, UnsupportedError } from '@foothold/core';
import { type AutoTransferTuning, autoTransferDefaults } from '../defaults.ts';
import { type SourceMixture, sourceMixture } from '../mixture/source-mixture.ts';
import type { PrepareSourcesOptions } from '../sources/empirical-prior-of.ts';
import { type PreparedSources, preparedFrom } from '../sources/prepare-sources.ts';

export interface EmpiricalPriorOptions extends PrepareSourcesOptions {
  /** Fraction of the covariance that is the sources' own; a Matérn process has the rest. Default: 0.8. */
  readonly sourceCovarianceFraction?: number | undefined;
}

/** Prior weight of the hypotheses without sources: they are there for sources of a weight below 1 only. */
const nullPriorWeight = 1e-9;

/**
 * A Gaussian process whose mean and covariance are those of the sources over the unit cube, beside a Matérn rest (HyperBO
 * in closed form: Wang et al. 2021, "Pre-trained Gaussian Processes for Bayesian Optimization"); off the sources' points
 * through their own processes. One to three sources are tasks of unknown positive correlation. There is no safeguard against
 * misleading sources: `gated` and `autoTransfer` have one. Its fit throws UnsupportedError where no source has a usable trial.
 */
export function empiricalPrior(
  sources: readonly PriorTask[] | PreparedSources,
  options: EmpiricalPriorOptions = {},
): Surrogate {
  const { sourceCovarianceFraction = 0.8 } = options;
  const tuning: AutoTransferTuning = {
    ...autoTransferDefaults,
    sourceCovarianceFractions: [sourceCovarianceFraction],
    correlatedTaskLengthscaleMultipliers: [1],
    hasEqualVariances: false,
    nullPriorWeight,
    negativeCorrelationWeight: 0,
  };
  const prepared = preparedFrom(sources, options);
  let mixture: Promise<SourceMixture> | undefined;
  const prepare = async () => {
    const prior = await prepared.prior();
    if (!prior)
      throw new UnsupportedError(
        'a prior',
        'empiricalPrior',
        'give at least one source with trials that differ',
      );
    return sourceMixture(prior, tuning);
  };
  return {
    async fit(data) {
      mixture ??= prepare();
      return (await (await mixture).fit(data, 'empirical-prior')).posterior;
    },
  };
}
