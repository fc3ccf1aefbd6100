/**
 * Draws of the largest value of the function (Wang, Jegelka 2017, "Max-value Entropy Search for Efficient Bayesian
 * Optimization", §3.1).
 *
 * a₁ … a_m  points that stand for the domain: the best observed ones, and others drawn from it
 * P(z)      Π_i Φ((z − μ_i)/σ_i), probability that the largest value is at most z, as if the a_i were independent
 * a, b      location and scale of the Gumbel distribution exp(−exp(−(z − a)/b)) with the quartiles of P
 */
import {
  type AcquisitionBelief,
  concatMatrixRows,
  InvalidArgumentError,
  largestOf,
  type Matrix,
  rowsByValue,
  selectMatrixRows,
  UnsupportedError,
} from '@foothold/core';
import { jointDraw, logNormalCdf, semidefiniteRoot } from '@foothold/numerics';
import { domainPoints } from './domain-points.ts';
import { standardDeviationOf } from './standard-deviation.ts';

export interface MaximaOptions {
  /** Draws of the largest value, 1 to 1,024. Default: 16. */
  readonly maxima?: number | undefined;
  /**
   * How they are drawn: 'gumbel' from a Gumbel distribution with the quartiles that independent values would have, 'joint' as the
   * largest value of a joint draw at points of the domain, which needs `Posterior.joint`. Default: 'gumbel'.
   */
  readonly sampling?: 'gumbel' | 'joint' | undefined;
}

const maxMaxima = 1024;
/** Points drawn from the domain, and observed ones beside them; a joint draw takes time with the cube of their number. */
const drawnPoints = { gumbel: 512, joint: 192 } as const;
const maxObserved = 64;

/** The options or their defaults. Throws InvalidArgumentError. */
export function maximaOptions({ maxima = 16, sampling = 'gumbel' }: MaximaOptions) {
  if (!(Number.isInteger(maxima) && maxima >= 1 && maxima <= maxMaxima))
    throw new InvalidArgumentError('maxima', maxima, 'a whole number from 1 to 1,024');
  if (sampling !== 'gumbel' && sampling !== 'joint')
    throw new InvalidArgumentError('sampling', sampling, "'gumbel' or 'joint'");
  return { maxima, sampling };
}

/** Draws of the largest value at the target fidelity, in the units of Dataset.y. Throws UnsupportedError for a joint draw without `joint`. */
export async function sampledMaxima(
  belief: AcquisitionBelief,
  { maxima, sampling }: Required<{ readonly [K in keyof MaximaOptions]: NonNullable<MaximaOptions[K]> }>,
): Promise<Float64Array> {
  const { posterior, rng } = belief;
  const points = pointsOf(belief, drawnPoints[sampling]);
  if (points.rows === 0) throw new UnsupportedError('maxima of a domain without points', 'this acquisition');
  if (sampling === 'joint') {
    if (!posterior.joint) throw new UnsupportedError('a joint belief over points', 'the surrogate');
    const { mean, covariance } = await posterior.joint(points);
    const root = semidefiniteRoot(covariance);
    const draws = rng.fork('maxima');
    return Float64Array.from({ length: maxima }, () => largestOf(jointDraw(mean, root, draws)));
  }
  return gumbelMaxima(await posterior.marginals(points), maxima, rng.fork('maxima').next());
}

function pointsOf(
  { data, domain, rng, candidates, projectToTargetFidelity: project }: AcquisitionBelief,
  count: number,
): Matrix {
  const { x, y } = data;
  const observed = x.rows <= maxObserved ? x : selectMatrixRows(x, rowsByValue(y).slice(0, maxObserved));
  const others = candidates ?? domainPoints({ d: x.columns, count, domain, rng: rng.fork('points') });
  const all = concatMatrixRows(observed, others);
  return project?.(all) ?? all;
}

/** Draws of the Gumbel distribution that has the quartiles of P, one in each of `count` strips of equal probability, `at` ∈ [0, 1) within it. */
export function gumbelMaxima(
  { mean, variance }: { readonly mean: Float64Array; readonly variance: Float64Array },
  count: number,
  at: number,
): Float64Array {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((p) => quantileOfLargest(mean, variance, p)) as [
    number,
    number,
    number,
  ];
  // The Gumbel distribution has its p-quantile at a − b·log(−log p).
  const scale = Math.max((high - low) / (Math.log(Math.log(4)) - Math.log(Math.log(4 / 3))), 0);
  const location = middle + scale * Math.log(Math.log(2));
  return Float64Array.from({ length: count }, (_, k) => {
    const p = Math.max((k + at) / count, 2 ** -53);
    return location - scale * Math.log(-Math.log(p));
  });
}

/** The z with P(z) = p, by bisection to all digits that its scale allows. */
function quantileOfLargest(mean: Float64Array, variance: Float64Array, p: number): number {
  const standardDeviations = variance.map(standardDeviationOf);
  const wanted = Math.log(p);
  const isBelow = (z: number) => {
    let log = 0;
    for (let i = 0; i < mean.length && log >= wanted; i++)
      log += logNormalCdf((z - mean[i]!) / standardDeviations[i]!);
    return log < wanted;
  };
  // P(z) ≤ Φ((z − μ_i)/σ_i) for each i, and the union bound from above.
  let low = largestOf(mean.map((m, i) => m - 5 * standardDeviations[i]!));
  let high = largestOf(
    mean.map((m, i) => m + (5 + Math.sqrt(2 * Math.log(mean.length))) * standardDeviations[i]!),
  );
  for (let step = 0; step < 60; step++) {
    const middle = 0.5 * (low + high);
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}
