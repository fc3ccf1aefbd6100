/** The values of utilities of several objectives at many candidates, and their gradients. */
import {
  type Matrix,
  type MultiObjectiveJointUtility,
  type MultiObjectiveUtility,
  matrix,
  type Posterior,
} from '@foothold/core';

interface Scored {
  readonly value: Float64Array;
  /** m·d numbers, in order of the candidates; absent where a posterior has no gradient. */
  readonly gradient?: Float64Array;
}

interface Problem {
  readonly x: Matrix;
  readonly wanted: boolean;
  /** Candidates of one joint belief: its covariance is quadratic in them. */
  readonly batch: number;
}

/** The utility of each candidate with, where it is `wanted`, the sum of the pullbacks of all objectives. */
export async function multiObjectiveScore(
  posteriors: readonly Posterior[],
  utility: MultiObjectiveUtility | MultiObjectiveJointUtility,
  problem: Problem,
): Promise<Scored> {
  if (typeof utility !== 'function') throw new Error('joint');
  const { x, wanted } = problem;
  const marginals = await Promise.all(posteriors.map(async (posterior) => posterior.marginals(x)));
  const { value, dMean, dVariance } = utility(marginals, { gradient: wanted });
  if (!wanted || marginals.some((belief) => !belief.gradient)) return { value };
  const gradient = matrix(x.rows, x.columns).data;
  for (const [j, belief] of marginals.entries()) {
    const { data } = await belief.gradient!(dMean[j]!, dVariance[j]!);
    for (let i = 0; i < data.length; i++) gradient[i]! += data[i]!;
  }
  return { value, gradient };
}
