/**
 * Two-stage transfer surrogate by rankings (TST-R; Wistuba, Schilling, Schmidt-Thieme 2016, "Two-Stage Transfer
 * Surrogate Model for Automatic Hyperparameter Optimization").
 *
 * δ  fraction of the pairs of target observations that a source's mean orders differently
 * w  ¾(1 − (δ/ρ)²)₊ times the source's prior weight; the target's own weight is ¾
 */
import { type Dataset, InvalidArgumentError, type PriorTask, type Surrogate } from '@foothold/core';
import { discordantPairs } from './discordant-pairs.ts';
import { type EnsembleFit, sourceEnsemble } from './source-ensemble.ts';

/** The kernel's largest value, at δ = 0. */
const ownWeight = 0.75;

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
  return sourceEnsemble(sources, base, {
    method: 'two-stage',
    weightsOf: (fit) => weightsOf(fit, bandwidth),
    varianceFactorsOf: (weights) => weights.map((_, k) => (k === weights.length - 1 ? 1 : 0)),
  });
}

async function weightsOf({ models, data }: EnsembleFit, bandwidth: number): Promise<number[]> {
  const raw = await Promise.all(
    models.map(async ({ posterior, weight }) => {
      const { mean } = await posterior.marginals(data.x);
      return weight * epanechnikov(discordance(mean, data), bandwidth);
    }),
  );
  const total = raw.reduce((a, b) => a + b, ownWeight);
  return [...raw, ownWeight].map((w) => w / total);
}

/** ¾(1 − (δ/ρ)²) inside the bandwidth, 0 outside. */
export function epanechnikov(delta: number, bandwidth: number): number {
  return delta < bandwidth ? ownWeight * (1 - (delta / bandwidth) ** 2) : 0;
}

function discordance(mean: Float64Array, { y }: Dataset): number {
  const pairs = (y.length * (y.length - 1)) / 2;
  return pairs === 0 ? 0 : discordantPairs(mean, y) / pairs;
}
