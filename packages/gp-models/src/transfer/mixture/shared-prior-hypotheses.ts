import { type AutoTransferTuning, hypothesisDefaults, preparationDefaults } from '../defaults.ts';
import type { EmpiricalPrior } from '../sources/empirical-prior-of.ts';
import type { SharedBasis } from '../sources/shared-basis.ts';
import { negatedShare } from '../sources/unrelated-share.ts';
import { type HypothesisSet, nullHypotheses } from './hypothesis-set.ts';
import type { Hypothesis } from './mixture-model.ts';
import { jeffreysPoints, logNormalThirds } from './prior-points.ts';

/**
 * Hypotheses from many sources: the new task has their mean, and a fraction of its covariance is theirs; a Matérn process
 * with their lengthscales has the rest. Beside them those in which it has nothing in common with the sources, whose prior weight is
 * the share of the sources that have nothing in common with the others, and what the sources' own weights lack to 1: the task is the
 * negative of the sources (`negatedShare`), or there are no sources.
 */
export function sharedPriorHypotheses(prior: EmpiricalPrior, tuning: AutoTransferTuning): HypothesisSet {
  const { basis, shared, linalg } = prior;
  const variance = varianceOf(basis);
  const total = variance + basis.meanSquare;
  const unlike = tuning.nullPriorWeight ?? prior.unrelatedShare;
  const unlikeWeight = 1 - prior.maxSourceWeight * (1 - unlike);
  const lengthscales = logNormalThirds(preparationDefaults.lengthscalePriorMedian);
  /** Of the weight of the hypotheses in which the task is unlike the sources. */
  const negated = unlike > 0 ? Math.min(negatedShare(prior.datasets.length) / unlike, 0.5) : 0;
  const noise = tuning.noiseRatio * total;
  return {
    hypotheses: [
      ...informedHypotheses(prior, tuning, { weight: 1 - unlikeWeight, sign: 1 }),
      ...(negated > 0 ? informedHypotheses(prior, tuning, { weight: unlikeWeight * negated, sign: -1 }) : []),
      ...nullHypotheses(shared.kernel, {
        ...{ lengthscales, basis, variance: total, noise, weight: unlikeWeight * (1 - negated) },
      }),
    ],
    linalg,
    variance: total,
    unit: 1,
    hasComponents: true,
    offset: { mean: basis.offset.mean, variance: basis.offset.variance + variance },
    levelVariance: total,
    nullPriorWeight: unlike * (1 - negated),
  };
}

/**
 * One for each basis and fraction of the covariance; their prior weights are equal and add up to `weight`. `sign` is that of the
 * sources' mean in the new task.
 */
function informedHypotheses(
  { basis, rescaledBasis, shared: { kernel } }: EmpiricalPrior,
  { sourceCovarianceFractions, hasEqualVariances, noiseRatio }: AutoTransferTuning,
  { weight, sign }: { readonly weight: number; readonly sign: 1 | -1 },
): Hypothesis[] {
  const fractions = sourceCovarianceFractions ?? jeffreysPoints(hypothesisDefaults.sourceCovarianceFractions);
  const bases =
    rescaledBasis && hasEqualVariances
      ? [
          { label: '', basis },
          { label: 'equal variances, ', basis: rescaledBasis },
        ]
      : [{ label: '', basis }];
  return bases.flatMap(({ label, basis: own }) => {
    const variance = varianceOf(own);
    return fractions.map((fraction) => ({
      name: `${sign < 0 ? 'negated, ' : ''}${label}source covariance ${Number(fraction.toFixed(2))}`,
      mean: sign,
      lowRank: fraction,
      residual: (1 - fraction) * variance,
      kernel,
      basis: own,
      noise: noiseRatio * variance,
      logPrior: Math.log(weight / (fractions.length * bases.length)),
    }));
  });
}

/** Variance of f about the prior mean; never 0. */
function varianceOf({ variance, meanSquare }: SharedBasis): number {
  return variance + 1e-6 * meanSquare + 1e-12;
}
