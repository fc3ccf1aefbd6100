import { type Column, type LinearAlgebra, type Surrogate, UnsupportedError } from '@foothold/core';
import type { PriorTask } from '../sources/prior-task.ts';
import { scaleWeights } from '../transfer-why.ts';
import { autoTransfer } from './auto-transfer.ts';

export interface EmpiricalPriorOptions {
  readonly columns?: readonly Column[] | undefined;
  readonly linalg?: LinearAlgebra | undefined;
  readonly metaFeatures?: readonly number[] | undefined;
  /** Share of the covariance that the sources' own covariance takes, 0.8 unless told; a Matérn process takes the rest. */
  readonly sourceCovarianceFraction?: number | undefined;
}

/**
 * A Gaussian process whose mean and covariance are those of the sources over the unit cube, beside a Matérn rest (HyperBO
 * in closed form: Wang et al. 2021, "Pre-trained Gaussian Processes for Bayesian Optimization"); off the sources' points
 * through their own processes. It trusts the sources and has no gate: `gated` or `autoTransfer` add one. Its fit throws
 * UnsupportedError where no source has a usable trial.
 */
export function empiricalPrior(
  sources: readonly PriorTask[],
  options: EmpiricalPriorOptions = {},
): Surrogate {
  const { sourceCovarianceFraction: share = 0.8, ...rest } = options;
  const plain: Surrogate = {
    fit() {
      throw new UnsupportedError(
        'a prior',
        'empiricalPrior',
        'give at least one source with trials that differ',
      );
    },
  };
  const surrogate = autoTransfer(sources, {
    ...rest,
    plain,
    tuning: {
      sourceCovarianceFractions: [share],
      lengthscaleMultipliers: [1],
      correlatedTaskLengthscaleMultipliers: [1],
      equalVarianceWeight: 0,
      nullPriorWeight: 1e-9,
      maxNullPriorWeight: 0,
      negativeCorrelationWeight: 0,
      correlatedTaskNegativeWeight: 0,
      alternateFrom: Infinity,
    },
  });
  return {
    async fit(data, context) {
      const posterior = await surrogate.fit(data, context);
      return { ...posterior, why: scaleWeights(posterior.why, 1, { method: 'empirical-prior' }) };
    },
  };
}
