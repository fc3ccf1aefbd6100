import { type AutoTransferTuning, hypothesisDefaults } from '../defaults.ts';
import type { EmpiricalPrior } from '../sources/empirical-prior-of.ts';
import type { SharedBasis } from '../sources/shared-basis.ts';
import { type HypothesisSet, nullHypotheses, nullWeightOf, withLengthscaleFactor } from './hypothesis-set.ts';
import type { Hypothesis } from './mixture-model.ts';

/**
 * Hypotheses from many sources: the new task has their mean, and a fraction of its covariance is theirs; a Matérn process
 * with a multiple of their lengthscales has the rest. Beside them the hypotheses without sources.
 */
export function sharedPriorHypotheses(prior: EmpiricalPrior, tuning: AutoTransferTuning): HypothesisSet {
  const { basis, shared, linalg } = prior;
  const variance = varianceOf(basis);
  const total = variance + basis.meanSquare;
  const nullWeight = nullWeightOf(tuning, prior);
  return {
    hypotheses: [
      ...informedHypotheses(prior, tuning, 1 - nullWeight),
      ...nullHypotheses(shared.kernel, {
        basis,
        variance: total,
        noise: tuning.noiseRatio * total,
        weight: nullWeight,
      }),
    ],
    likelihoodTemper: tuning.likelihoodTemper,
    linalg,
    variance: total,
    unit: 1,
    hasSharedPrior: true,
    hasComponents: true,
    offset: {
      mean: basis.offset.mean,
      variance: hypothesisDefaults.offsetVarianceFactor * basis.offset.variance + variance,
    },
  };
}

/** One for each basis, fraction of the covariance and lengthscale multiplier; their prior weights add up to `weight`. */
function informedHypotheses(
  { basis, rescaledBasis, shared }: EmpiricalPrior,
  tuning: AutoTransferTuning,
  weight: number,
): Hypothesis[] {
  const {
    sourceCovarianceFractions: fractions,
    lengthscaleMultipliers: multipliers,
    equalVarianceWeight,
  } = tuning;
  const kernels = multipliers.map((multiplier) => withLengthscaleFactor(shared.kernel, multiplier));
  const bases =
    rescaledBasis && equalVarianceWeight > 0
      ? [
          { label: '', basis, part: 1 - equalVarianceWeight },
          { label: 'equal variances, ', basis: rescaledBasis, part: equalVarianceWeight },
        ]
      : [{ label: '', basis, part: 1 }];
  return bases.flatMap(({ label, basis: own, part }) => {
    const variance = varianceOf(own);
    return fractions.flatMap((fraction) =>
      kernels.map((kernel, k) => ({
        name: `${label}source covariance ${fraction}, lengthscales ×${multipliers[k]}`,
        mean: 1,
        lowRank: fraction,
        residual: (1 - fraction) * variance,
        kernel,
        basis: own,
        noise: tuning.noiseRatio * variance,
        logPrior: Math.log((part * weight) / (fractions.length * multipliers.length)),
      })),
    );
  });
}

/** Variance of f about the prior mean; never 0. */
function varianceOf({ variance, meanSquare }: SharedBasis): number {
  return variance + 1e-6 * meanSquare + 1e-12;
}
