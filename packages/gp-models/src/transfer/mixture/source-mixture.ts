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
  /** The posterior given that the sources help, and given that their negative does. */
  readonly given: Readonly<Record<'sources' | 'negated', Posterior>>;
  /**
   * What the evidence has added to the weight of the hypotheses without sources, and with their negative, as a share of what it could add:
   * (w − w₀)/(1 − w₀) of the posterior weight w and of w₀, the prior weight if each source counted whole; 0 where it has added nothing.
   */
  readonly gains: Readonly<Record<'none' | 'negated', number>>;
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
      return {
        posterior: inUnits(posterior),
        given: {
          sources: inUnits(only((h) => kindOf(h) === 'sources') ?? posterior),
          negated: inUnits(only((h) => kindOf(h) === 'negated') ?? posterior),
        },
        why,
        gains: {
          none: gainOf(weights, 'none', hypotheses.doubts),
          negated: gainOf(weights, 'negated', hypotheses.doubts),
        },
      };
    },
  };
}

function gainOf(
  weights: ReadonlyMap<Hypothesis, number>,
  kind: 'none' | 'negated',
  { [kind]: before }: HypothesisSet['doubts'],
): number {
  const now = [...weights].reduce((total, [h, w]) => (kindOf(h) === kind ? total + w : total), 0);
  return before < 1 ? Math.max(now - before, 0) / (1 - before) : 1;
}

/** Whether the new task is like the sources, like their negative, or like none of them. */
function kindOf({ mean, lowRank }: Hypothesis): 'sources' | 'negated' | 'none' {
  if (mean < 0) return 'negated';
  return mean !== 0 || lowRank !== 0 ? 'sources' : 'none';
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
