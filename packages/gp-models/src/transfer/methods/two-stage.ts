/**
 * Two-stage transfer surrogate by rankings (TST-R; Wistuba, Schilling, Schmidt-Thieme 2016, "Two-Stage Transfer
 * Surrogate Model for Automatic Hyperparameter Optimization").
 *
 * δ  fraction of the pairs of target observations that a source's mean orders differently
 * w  ¾(1 − (δ/ρ)²)₊ times the source's prior weight; the target's own weight is ¾
 */
import {
  type Dataset,
  InvalidArgumentError,
  type PriorTask,
  type Surrogate,
  transferWhy,
} from '@foothold/core';
import { priorTaskModels, standardizationOf } from '../sources/prior-task-models.ts';
import { affine, combinedPosterior, weightedSum } from './combined-posterior.ts';
import { discordantPairs } from './ranking-weighted.ts';

export interface TwoStageOptions {
  /** ρ in (0, 1]: sources that misorder this fraction of the pairs, or more, have no weight. Default: 0.3. */
  readonly bandwidth?: number | undefined;
}

/**
 * The weighted mean of the sources' models and the new study's, with the new study's own variance. With fewer than two
 * rows every source of weight 1 weighs as much as the target. Throws InvalidArgumentError.
 */
export function twoStage(
  sources: readonly PriorTask[],
  base: Surrogate,
  options: TwoStageOptions = {},
): Surrogate {
  const { bandwidth = 0.3 } = options;
  if (!(bandwidth > 0 && bandwidth <= 1))
    throw new InvalidArgumentError('bandwidth', bandwidth, 'a number above 0, at most 1');
  const prepared = priorTaskModels(sources, base);
  return {
    async fit(data, context) {
      const models = await prepared(context.signal);
      const { mean, standardDeviation } = standardizationOf(data);
      const own = await base.fit(data, { ...context, previous: undefined, previousState: undefined });
      const raw = await Promise.all(
        models.map(async ({ posterior, weight }) => {
          const { mean: predicted } = await posterior.marginals(data.x);
          return weight * epanechnikov(discordance(predicted, data), bandwidth);
        }),
      );
      const total = raw.reduce((a, b) => a + b, 0.75);
      const weights = [...raw, 0.75].map((w) => w / total);
      const parts = [
        ...models.map(({ posterior }) => affine(posterior, { scale: standardDeviation, shift: mean })),
        own,
      ];
      return combinedPosterior(
        parts,
        weightedSum(
          weights,
          weights.map((_, k) => (k === models.length ? 1 : 0)),
        ),
        {
          ...own.why,
          ...transferWhy('two-stage', {
            names: models.map(({ name }) => name),
            weights: weights.slice(0, -1),
          }),
        },
      );
    },
  };
}

/** ¾(1 − (δ/ρ)²) inside the bandwidth, 0 outside. */
export function epanechnikov(delta: number, bandwidth: number): number {
  return delta < bandwidth ? 0.75 * (1 - (delta / bandwidth) ** 2) : 0;
}

function discordance(mean: Float64Array, { y }: Dataset): number {
  const pairs = (y.length * (y.length - 1)) / 2;
  return pairs === 0 ? 0 : discordantPairs(mean, y) / pairs;
}
