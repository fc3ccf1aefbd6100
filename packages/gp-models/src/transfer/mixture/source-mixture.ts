/**
 * The posterior of a new task under an empirical prior: what `empiricalPrior` and `autoTransfer` are made of. One hypothesis is
 * a single prior; several are averaged by their posterior weights.
 */
import { type Dataset, type Posterior, type TransferWhy, transferWhy } from '@foothold/core';
import { untransformPosterior } from '../../warps/outcome-transform.ts';
import { proportionOrigin } from '../../warps/value-transforms.ts';
import { type AutoTransferTuning, hypothesisDefaults } from '../defaults.ts';
import type { EmpiricalPrior } from '../sources/empirical-prior-of.ts';
import { transformed, transformFor } from '../sources/select-outcome-transform.ts';
import { hypothesesOf } from './hypotheses.ts';
import type { HypothesisSet } from './hypothesis-set.ts';
import type { Hypothesis, MixtureModel } from './mixture-model.ts';
import { mixturePosterior } from './mixture-posterior.ts';

/** Names of sources that `why` lists. */
const maxNamesShown = 100;

export interface SourceMixture {
  readonly prior: EmpiricalPrior;
  /** The posterior in the units of the values; its `why.transfer` names this method. */
  fit(data: Dataset, method: string): Promise<SourceMixtureFit>;
}

export interface SourceMixtureFit {
  readonly posterior: Posterior;
  readonly why: { readonly transfer: TransferWhy };
  /** The posterior given that the sources help, or their negative: without the hypotheses that have none of them. */
  readonly informed: Posterior;
  /** Posterior weight of the hypotheses without sources, in [0, 1]. */
  readonly nullWeight: number;
  /**
   * What the evidence has added to it, as a share of what it could add: (w − w₀)/(1 − w₀) of this weight w and of w₀, the prior weight if
   * each source counted whole; 0 where it has added nothing.
   */
  readonly nullGain: number;
}

/** The mixture of all hypotheses that `tuning` lists. It depends on the sources alone. */
export async function sourceMixture(
  prior: EmpiricalPrior,
  tuning: AutoTransferTuning,
): Promise<SourceMixture> {
  const hypotheses = await hypothesesOf(prior, tuning);
  return {
    prior,
    async fit(data, method) {
      // Proportions only while the new study's values are proportions too.
      const { proportionOrigin: origin } = prior;
      const isProportion = origin !== undefined && proportionOrigin([data]) === origin;
      const transform = transformFor(isProportion ? origin : undefined, data.y, prior.kind);
      const model = modelOf(hypotheses, isProportion);
      const { posterior, weights, only } = await mixturePosterior(model, transformed(data, transform));
      const sources = { names: prior.names, weights: sourceWeightsOf(prior, weights) };
      const why = transferWhy(method, sources, {
        ignored: prior.ignored.slice(0, maxNamesShown),
        scale: transform.name,
        hypotheses: Object.fromEntries([...weights].map(([{ name }, weight]) => [name, weight])),
      });
      const inUnits = (latent: Posterior) => untransformPosterior(latent, { transform, data, why });
      const nullWeight = [...weights].reduce((total, [h, w]) => (hasSources(h) ? total : total + w), 0);
      return {
        posterior: inUnits(posterior),
        informed: inUnits(only(hasSources) ?? posterior),
        why,
        nullWeight,
        nullGain: gainOf(nullWeight, hypotheses.nullPriorWeight),
      };
    },
  };
}

function gainOf(now: number, before: number): number {
  return before < 1 ? Math.max(now - before, 0) / (1 - before) : 1;
}

function hasSources({ mean, lowRank }: Hypothesis): boolean {
  return mean !== 0 || lowRank !== 0;
}

/**
 * The weight of each source: that of the hypotheses of this source alone, and its part of those of all sources. Hypotheses of
 * a negative correlation do not count.
 */
function sourceWeightsOf(
  { names, weights: prior }: EmpiricalPrior,
  weights: ReadonlyMap<Hypothesis, number>,
): number[] {
  const total = prior?.reduce((a, b) => a + b, 0) ?? names.length;
  const result = names.map(() => 0);
  for (const [{ mean, source }, weight] of weights)
    if (mean > 0)
      for (let j = 0; j < names.length; j++)
        if (source === undefined) result[j] = result[j]! + (weight * (prior?.[j] ?? 1)) / total;
        else if (source === j) result[j] = result[j]! + weight;
  return result;
}

/** The mixture with its output scales and level: those of the sources where the new task has their units. */
function modelOf(set: HypothesisSet, sameUnits: boolean): MixtureModel {
  const unit = sameUnits ? set.unit : 1 / Math.sqrt(set.variance);
  return {
    ...set,
    scales: hypothesisDefaults.scaleOctaves.map((k) => ({
      value: unit * 2 ** k,
      logPrior: -0.5 * (k * Math.LN2) ** 2,
    })),
    offset: sameUnits ? set.offset : { mean: 0, variance: set.levelVariance },
  };
}
