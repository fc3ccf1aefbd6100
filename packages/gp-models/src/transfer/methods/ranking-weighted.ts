/**
 * Ranking-weighted ensemble (Feurer, Letham, Bakshy 2018, "Scalable Meta-Learning for Bayesian Optimization using
 * Ranking-Weighted Gaussian Process Ensembles").
 *
 * loss of a model in a posterior sample: number of pairs (j, k) of target observations that it orders differently
 */
import {
  type Dataset,
  type FitContext,
  type Posterior,
  type PriorTask,
  type Rng,
  type Surrogate,
  UnsupportedError,
} from '@foothold/core';
import { standardNormal } from '@foothold/numerics';
import { leaveOneOut } from '../../models/leave-one-out.ts';
import { discordantPairs } from './discordant-pairs.ts';
import { type HeldOut, heldOut } from './held-out.ts';
import { type EnsembleFit, sourceEnsemble } from './source-ensemble.ts';

export interface RankingWeightedOptions {
  /** Posterior samples for the weights. Default: 256. */
  readonly samples?: number | undefined;
  /** Largest number of fits for the target's own held-out predictions, where its model has no closed form for them. Default: 10. */
  readonly folds?: number | undefined;
}

/**
 * A weighted sum of the sources' models and the new study's own. The weight of a model is the fraction of posterior samples
 * in which it misorders the fewest pairs of observations, its own ones held out; a source whose median loss exceeds the
 * 95th percentile of the target's gets none. With fewer than three rows all models weigh the same. A source of a
 * weight below 1 leaves the rest to the new study's model.
 */
export function rankingWeighted(
  sources: readonly PriorTask[],
  base: Surrogate,
  options: RankingWeightedOptions = {},
): Surrogate {
  const { samples = 256, folds = 10 } = options;
  return sourceEnsemble(sources, base, {
    method: 'ranking-weighted',
    weightsOf: (fit) => weightsOf(fit, base, { samples, folds }),
    varianceFactorsOf: (weights) => weights.map((w) => w * w),
  });
}

async function weightsOf(
  { models, own, data, context }: EnsembleFit,
  base: Surrogate,
  { samples, folds }: { readonly samples: number; readonly folds: number },
): Promise<number[]> {
  let found = Array.from({ length: models.length + 1 }, () => 1 / (models.length + 1));
  if (data.y.length >= 3 && models.length > 0) {
    const beliefs = await Promise.all(models.map(({ posterior }) => posterior.marginals(data.x)));
    const target = await ownHeldOut(own, base, { data, context, folds });
    const rng = context.rng.fork('ranking');
    found = rankingWeights([...beliefs, target], { y: data.y, samples, rng });
  }
  const weights = models.map(({ weight }, k) => weight * found[k]!);
  return [...weights, 1 - weights.reduce((a, b) => a + b, 0)];
}

/** Predictions in any scale that orders as the values do: of a Gaussian process in closed form, else by new fits. */
async function ownHeldOut(
  own: Posterior,
  base: Surrogate,
  task: { readonly data: Dataset; readonly context: FitContext; readonly folds: number },
): Promise<HeldOut> {
  try {
    const found = await leaveOneOut(own);
    if (found.mean.length === task.data.y.length) return found;
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
  }
  return heldOut(base, task);
}

/**
 * Weights of models from their beliefs at the observed points, the target's own (held out) last; sum 1. The samples of all
 * models come from the same normals: they are compared with each other.
 */
export function rankingWeights(
  beliefs: readonly HeldOut[],
  { y, samples, rng }: { readonly y: Float64Array; readonly samples: number; readonly rng: Rng },
): number[] {
  const n = y.length;
  const f = new Float64Array(n);
  const normals = new Float64Array(samples * n);
  for (let k = 0; k < normals.length; k++) normals[k] = standardNormal(rng);
  const losses = beliefs.map(({ mean, variance }) => {
    const standardDeviations = variance.map(Math.sqrt);
    return Array.from({ length: samples }, (_, s) => {
      for (let i = 0; i < n; i++) f[i] = mean[i]! + standardDeviations[i]! * normals[s * n + i]!;
      return discordantPairs(f, y);
    });
  });
  const target = [...losses.at(-1)!].sort((a, b) => a - b);
  const limit = target[Math.min(Math.floor(0.95 * samples), samples - 1)]!;
  const alive = losses.map((own, k) => {
    const sorted = [...own].sort((a, b) => a - b);
    return k === losses.length - 1 || sorted[samples >> 1]! <= limit;
  });
  const weights = new Array<number>(beliefs.length).fill(0);
  for (let s = 0; s < samples; s++) {
    const least = losses.reduce((a, own, k) => (alive[k] ? Math.min(a, own[s]!) : a), Infinity);
    const winners = losses.flatMap((own, k) => (alive[k] && own[s] === least ? [k] : []));
    for (const k of winners) weights[k] = weights[k]! + 1 / (winners.length * samples);
  }
  return weights;
}
