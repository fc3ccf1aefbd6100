/**
 * Earlier studies as a prior mean (the stacked residual process of Google Vizier: Golovin et al. 2017, §3.3), for sources in
 * units of their own.
 *
 * μ   mixture of the sources' models, in normal scores
 * a   units of the new study's values in a normal score: ridge slope (Σ Δμᵢ·Δyᵢ + s)/(Σ Δμᵢ² + 1), not below 0, s the
 *     standard deviation of y: one pseudo-observation says that a score is a standard deviation
 * y = a·μ(x) + residual
 */
import { type Dataset, largestOf, type PriorTask, type Surrogate, transferWhy } from '@foothold/core';
import { scaleWeights } from '../scale-weights.ts';
import { priorTaskModels, standardizationOf } from '../sources/prior-task-models.ts';
import { affine, combinedPosterior, mixtureOf } from './combined-posterior.ts';
import { residualTransfer } from './residual-transfer.ts';

/**
 * Models what the sources' mean does not explain: `base` is fitted to y − a·μ(x), and the sources' uncertainty, their
 * disagreement included, adds to its own. Sources that correlate negatively with the new trials get a slope of 0; there is
 * no other safeguard, so `gated` is advisable. A weight below 1 draws the sources' mean towards 0.
 */
export function stackedResidual(sources: readonly PriorTask[], base: Surrogate): Surrogate {
  const prepared = priorTaskModels(sources, base);
  return {
    async fit(data, context) {
      const models = await prepared(context.signal);
      const names = models.map(({ name }) => name);
      const largest = Math.max(0, largestOf(models.map((model) => model.weight)));
      const total = models.reduce((sum, model) => sum + model.weight, 0);
      const weights = models.map((model) => (largest * model.weight) / total);
      const prior = combinedPosterior(
        models.map(({ posterior }) => posterior),
        mixtureOf(models.map((model) => model.weight / total)),
        transferWhy('residual', { names, weights }),
      );
      const slope = models.length > 0 ? largest * slopeOf((await prior.marginals(data.x)).mean, data) : 0;
      if (slope > 0)
        return residualTransfer(affine(prior, { scale: slope, shift: 0 }), base).fit(data, context);
      const own = await base.fit(data, { ...context, previous: undefined, previousState: undefined });
      return { ...own, why: { ...own.why, ...scaleWeights(prior.why, 0) } };
    },
  };
}

function slopeOf(mu: Float64Array, data: Dataset): number {
  const { mean, standardDeviation } = standardizationOf(data);
  const middle = mu.reduce((a, b) => a + b, 0) / Math.max(mu.length, 1);
  let both = 1;
  let square = 1;
  for (let i = 0; i < mu.length; i++) {
    both += ((mu[i]! - middle) * (data.y[i]! - mean)) / standardDeviation;
    square += (mu[i]! - middle) ** 2;
  }
  return (standardDeviation * Math.max(both, 0)) / square;
}
