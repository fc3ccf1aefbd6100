/** A prior belief of where the optimum lies, in the score or in the mean of an acquisition. */
import type { Dataset, OptimumPrior, Params, Posterior, SampleRequest, Score } from '@foothold/core';
import { type OptimumDensity, optimumDensity } from './optimum-density.ts';

/** The prior on the columns of a space, with what is left of its strength after so many trials. */
export interface PriorOnColumns {
  readonly influence: OptimumPrior['influence'];
  /** strength/n. */
  readonly strength: number;
  readonly around: readonly Float64Array[];
  /** log α(x) + β/n · log π(x), for a score log α; the score itself under a mean shift. */
  onScore(score: Score): Score;
  /** The belief with shifted means, for `data` in its units; the posterior itself where the prior is on the score. */
  onPosterior(posterior: Posterior, data: Dataset): Posterior;
}

/** Undefined for a prior without strength, weight or configurations. */
export function priorOnColumns<P extends Params>(
  { space, trials }: Pick<SampleRequest<P>, 'space' | 'trials'>,
  prior: OptimumPrior<P> | undefined,
): PriorOnColumns | undefined {
  if (!prior || prior.around.length === 0 || !(prior.strength > 0 && prior.weight > 0)) return undefined;
  const around = prior.around.map((params) => space.encode(params));
  const { influence } = prior;
  const density = optimumDensity(space.columns, { around, weight: prior.weight });
  const strength = prior.strength / Math.max(trials.length, 1);
  return {
    ...{ influence, strength, around },
    onScore: (score) => (influence === 'prior' ? scoreWithPrior(score, density, strength) : score),
    onPosterior: (posterior, { y }) =>
      influence === 'mean-shift'
        ? meanShifted(posterior, density, strength * standardDeviation(y))
        : posterior,
  };
}

function standardDeviation(y: Float64Array): number {
  const mean = y.reduce((sum, u) => sum + u, 0) / y.length;
  return Math.sqrt(y.reduce((sum, u) => sum + (u - mean) ** 2, 0) / y.length);
}

function scoreWithPrior(score: Score, { log }: OptimumDensity, strength: number): Score {
  return async (x, options) => {
    const { value, gradient } = await score(x, options);
    const prior = log(x);
    const sum = (a: Float64Array, b: Float64Array) => a.map((u, i) => u + strength * b[i]!);
    return {
      value: sum(value, prior.value),
      ...(gradient && { gradient: { ...gradient, data: sum(gradient.data, prior.gradient.data) } }),
    };
  };
}

/** Marginal and joint means plus `scale` times the prior's relative density. */
function meanShifted(posterior: Posterior, { relative }: OptimumDensity, scale: number): Posterior {
  const { joint, noise } = posterior;
  return {
    ...(noise !== undefined && { noise }),
    async marginals(x) {
      const own = await posterior.marginals(x);
      const shift = relative(x);
      return {
        mean: own.mean.map((u, i) => u + scale * shift.value[i]!),
        variance: own.variance,
        ...(own.gradient && {
          async gradient(dMean: Float64Array, dVariance: Float64Array) {
            const pulled = await own.gradient!(dMean, dVariance);
            const data = pulled.data.map(
              (g, k) => g + scale * dMean[Math.floor(k / x.columns)]! * shift.gradient.data[k]!,
            );
            return { ...pulled, data };
          },
        }),
      };
    },
    ...(joint && {
      async joint(x) {
        const own = await joint.call(posterior, x);
        const shift = relative(x).value;
        return { mean: own.mean.map((u, i) => u + scale * shift[i]!), covariance: own.covariance };
      },
    }),
  };
}
