/** Beliefs made of several: each mean and variance a formula over those of the parts. */
import { type Marginals, type Matrix, matrix, type Posterior, type Why } from '@foothold/core';

/** Value and derivatives of a combination at one point; arrays run over the parts. */
export interface Combination {
  readonly mean: number;
  readonly variance: number;
  /** ∂mean/∂meanₖ, ∂variance/∂meanₖ and ∂variance/∂varianceₖ. */
  readonly meanByMean: readonly number[];
  readonly varianceByMean: readonly number[];
  readonly varianceByVariance: readonly number[];
}

export function combinedPosterior(
  parts: readonly Posterior[],
  combine: (means: readonly number[], variances: readonly number[]) => Combination,
  why: Why,
): Posterior {
  return {
    why,
    async marginals(x) {
      const beliefs = await Promise.all(parts.map((part) => part.marginals(x)));
      return combinedMarginals(beliefs, x, combine);
    },
    ...(parts.every((part) => part.condition) && {
      condition: async (data) =>
        combinedPosterior(await Promise.all(parts.map((part) => part.condition!(data))), combine, why),
    }),
  };
}

function combinedMarginals(
  beliefs: readonly Marginals[],
  x: Matrix,
  combine: (means: readonly number[], variances: readonly number[]) => Combination,
): Marginals {
  const m = x.rows;
  const at = Array.from({ length: m }, (_, i) =>
    combine(
      beliefs.map(({ mean }) => mean[i]!),
      beliefs.map(({ variance }) => variance[i]!),
    ),
  );
  const result = {
    mean: Float64Array.from(at, ({ mean }) => mean),
    variance: Float64Array.from(at, ({ variance }) => Math.max(variance, 0)),
  };
  if (!beliefs.every(({ gradient }) => gradient)) return result;
  return {
    ...result,
    async gradient(dMean, dVariance) {
      const total = matrix(m, x.columns);
      for (const [k, belief] of beliefs.entries()) {
        const first = Float64Array.from(
          at,
          (c, i) => dMean[i]! * c.meanByMean[k]! + dVariance[i]! * c.varianceByMean[k]!,
        );
        const second = Float64Array.from(at, (c, i) => dVariance[i]! * c.varianceByVariance[k]!);
        const part = await belief.gradient!(first, second);
        for (let j = 0; j < total.data.length; j++) total.data[j] = total.data[j]! + part.data[j]!;
      }
      return total;
    },
  };
}

/** One part is true, with these probabilities: moments of the mixture. */
export function mixtureOf(weights: readonly number[]) {
  return (means: readonly number[], variances: readonly number[]): Combination => {
    const mean = weights.reduce((sum, w, k) => sum + w * means[k]!, 0);
    const variance = weights.reduce((sum, w, k) => sum + w * (variances[k]! + (means[k]! - mean) ** 2), 0);
    return {
      mean,
      variance,
      meanByMean: weights,
      varianceByMean: weights.map((w, k) => 2 * w * (means[k]! - mean)),
      varianceByVariance: weights,
    };
  };
}

/** A weighted sum of independent parts; each variance enters with the factor given for it. */
export function weightedSum(weights: readonly number[], varianceFactors: readonly number[]) {
  const zeros = weights.map(() => 0);
  return (means: readonly number[], variances: readonly number[]): Combination => ({
    mean: weights.reduce((sum, w, k) => sum + w * means[k]!, 0),
    variance: varianceFactors.reduce((sum, f, k) => sum + f * variances[k]!, 0),
    meanByMean: weights,
    varianceByMean: zeros,
    varianceByVariance: varianceFactors,
  });
}

/** y·scale + shift of a belief about y, so with variance·scale². */
export function affine(
  posterior: Posterior,
  { scale, shift }: { readonly scale: number; readonly shift: number },
): Posterior {
  return combinedPosterior(
    [posterior],
    (means, variances) => ({
      mean: scale * means[0]! + shift,
      variance: scale * scale * variances[0]!,
      meanByMean: [scale],
      varianceByMean: [0],
      varianceByVariance: [scale * scale],
    }),
    posterior.why ?? {},
  );
}
