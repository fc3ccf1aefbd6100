/**
 * Log expected improvement of several evaluations together (Ament, Daulton, Eriksson, Balandat, Bakshy 2023, "Unexpected
 * Improvements to Expected Improvement for Bayesian Optimization", §4.2, eq. 12).
 *
 * q     the pending points and the candidate, which comes last
 * ξ_i   draws of the q values from their joint belief
 * value log (1/N)·Σ_i max_j (ξ_ij − best)₊
 */
import { type Acquisition, matrix, UnsupportedError } from '@foothold/core';
import { fixedNormals, sampleCount } from './fixed-draws.ts';
import { type Incumbent, incumbentValue } from './incumbent.ts';
import { logImprovement, logImprovementDerivatives } from './monte-carlo-improvement.ts';

export interface QLogExpectedImprovementOptions {
  /** Default: 'posterior-mean'. */
  readonly incumbent?: Incumbent | undefined;
  /** Draws of the joint belief, N; a power of two spreads best. Default: 512. */
  readonly samples?: number | undefined;
}

/**
 * An acquisition of the candidate together with the points that still run: pending points are part of the joint belief,
 * instead of counting as evaluated at their means. In log units; smooth in mean and covariance, since the draws are fixed.
 *
 * `prepare` throws UnsupportedError for a posterior without `joint` and for an empty dataset. Throws InvalidArgumentError for
 * `samples` that is no whole number from 1 to 65,536.
 */
export function qLogExpectedImprovement(options: QLogExpectedImprovementOptions = {}): Acquisition {
  const { incumbent = 'posterior-mean' } = options;
  const samples = sampleCount(options.samples);
  return {
    name: 'qLogExpectedImprovement',
    isLog: true,
    handlesPending: true,
    async prepare(belief) {
      const { posterior, rng, data, pending = matrix(0, data.x.columns) } = belief;
      if (!posterior.joint) throw new UnsupportedError('a joint belief over points', 'the surrogate');
      const best = await incumbentValue(belief, incumbent);
      const over = { best, normals: fixedNormals(pending.rows + 1, samples, rng) };
      return {
        beside: pending,
        movable: pending.rows,
        value: (joint) => logImprovement(joint, over),
        derivatives: (joint) => logImprovementDerivatives(joint, over),
      };
    },
  };
}
