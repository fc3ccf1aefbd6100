import { type Column, type LinearAlgebra, type Surrogate, UnsupportedError } from '@foothold/core';
import { autoTransfer } from './auto-transfer.ts';
import type { TransferSource } from '../sources/prior-task.ts';
import { sharedOut } from '../transfer-why.ts';

export interface EmpiricalPriorOptions {
  readonly columns?: readonly Column[] | undefined;
  readonly linalg?: LinearAlgebra | undefined;
  readonly metaFeatures?: readonly number[] | undefined;
  /** Share of the covariance that the sources' own covariance takes, 0.8 unless told; a Matérn process takes the rest. */
  readonly share?: number | undefined;
}

/**
 * A Gaussian process whose mean and covariance are those of the sources over the unit cube, beside a Matérn rest (HyperBO
 * in closed form: Wang et al. 2021, "Pre-trained Gaussian Processes for Bayesian Optimization"); off the sources' points
 * through their own processes. It trusts the sources and has no gate: `gated` or `autoTransfer` add one. Its fit throws
 * UnsupportedError where no source has a usable trial.
 */
export function empiricalPrior(
  sources: readonly TransferSource[],
  options: EmpiricalPriorOptions = {},
): Surrogate {
  const { share = 0.8, ...rest } = options;
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
      shares: [share],
      stretches: [1],
      stretchesOfFew: [1],
      evened: 0,
      doubt: 1e-9,
      mostDoubt: 0,
      reversal: 0,
      reversalOfFew: 0,
      turnFrom: Infinity,
    },
  });
  return {
    async fit(data, context) {
      const posterior = await surrogate.fit(data, context);
      return { ...posterior, why: sharedOut(posterior.why, 1, { method: 'empirical-prior' }) };
    },
  };
}
