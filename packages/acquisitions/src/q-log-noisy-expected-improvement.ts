/**
 * Log noisy expected improvement of several evaluations together (Letham, Karrer, Ottoni, Bakshy 2019, "Constrained Bayesian
 * Optimization with Noisy Experiments"; in log units as in Ament et al. 2023, "Unexpected Improvements to Expected Improvement
 * for Bayesian Optimization"; in BoTorch `qLogNoisyExpectedImprovement`).
 *
 * b     baseline: observed points, whose values are drawn too, since noise hides which is the best
 * q     the pending points and the candidate, which comes last
 * ξ_i   draws of all b + q values from their joint belief
 * value log (1/N)·Σ_i (max over the q of ξ_ij − max over the baseline of ξ_ij)₊
 */
import {
  type Acquisition,
  type AcquisitionBelief,
  concatMatrixRows,
  InvalidArgumentError,
  type Matrix,
  matrix,
  rowsByValue,
  selectMatrixRows,
  UnsupportedError,
} from '@foothold/core';
import { fixedNormals, sampleCount } from './fixed-draws.ts';
import { logImprovement, logImprovementDerivatives } from './monte-carlo-improvement.ts';

export interface QLogNoisyExpectedImprovementOptions {
  /** Observed points of the largest posterior mean whose values are drawn, 1 to 64. Default: 8. */
  readonly baseline?: number | undefined;
  /** Draws of the joint belief, N; a power of two spreads best. Default: 128. */
  readonly samples?: number | undefined;
}

const maxBaseline = 64;

/**
 * An acquisition for noisy values: what the candidate and the points that still run are expected to gain over the best observed
 * point, whichever that is. No single incumbent is named. In log units; smooth in mean and covariance, since the draws are fixed.
 *
 * `prepare` throws UnsupportedError for a posterior without `joint` and for an empty dataset. Throws InvalidArgumentError for
 * `samples` that is no whole number from 1 to 65,536, and for a `baseline` that is none from 1 to 64.
 */
export function qLogNoisyExpectedImprovement(options: QLogNoisyExpectedImprovementOptions = {}): Acquisition {
  const { baseline: size = 8 } = options;
  const samples = sampleCount(options.samples ?? 128);
  if (!(Number.isInteger(size) && size >= 1 && size <= maxBaseline))
    throw new InvalidArgumentError('baseline', size, 'a whole number from 1 to 64');
  return {
    name: 'qLogNoisyExpectedImprovement',
    isLog: true,
    handlesPending: true,
    async prepare(belief) {
      const { posterior, data, rng, pending = matrix(0, data.x.columns) } = belief;
      if (!posterior.joint) throw new UnsupportedError('a joint belief over points', 'the surrogate');
      const known = await baselineOf(belief, size);
      const beside = concatMatrixRows(known, pending);
      const over = { baseline: known.rows, normals: fixedNormals(beside.rows + 1, samples, rng) };
      return {
        beside,
        movable: pending.rows,
        value: (joint) => logImprovement(joint, over),
        derivatives: (joint) => logImprovementDerivatives(joint, over),
      };
    },
  };
}

/** The observed points, at most `size`, of the largest posterior mean, where points have fidelities at the target fidelity. */
async function baselineOf(
  { posterior, data, projectToTargetFidelity: project }: AcquisitionBelief,
  size: number,
): Promise<Matrix> {
  if (data.y.length === 0)
    throw new UnsupportedError(
      'improvement on an empty dataset',
      'this acquisition',
      'evaluate a first point',
    );
  const x = project?.(data.x) ?? data.x;
  const { mean } = await posterior.marginals(x);
  return selectMatrixRows(x, rowsByValue(mean).slice(0, size));
}
