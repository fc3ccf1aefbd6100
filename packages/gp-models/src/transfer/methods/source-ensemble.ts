import {
  type Awaitable,
  type Dataset,
  type FitContext,
  type Posterior,
  type PriorTask,
  type Surrogate,
  transferWhy,
} from '@foothold/core';
import { type PriorTaskModel, priorTaskModels, standardizationOf } from '../sources/prior-task-models.ts';
import { affine, combinedPosterior, weightedSum } from './combined-posterior.ts';

/** One fit: the sources' models, in normal scores, and the model of the new study alone. */
export interface EnsembleFit {
  readonly models: readonly PriorTaskModel[];
  readonly own: Posterior;
  readonly data: Dataset;
  readonly context: FitContext;
}

export interface EnsembleOptions {
  /** Name of the method in `why.transfer`. */
  readonly method: string;
  /** Weights of the sources' models and, last, of the new study's own; sum 1. */
  readonly weightsOf: (fit: EnsembleFit) => Awaitable<readonly number[]>;
  /** Factors on the variances of the same models. */
  readonly varianceFactorsOf: (weights: readonly number[]) => readonly number[];
}

/**
 * The weighted sum of the sources' models and the new study's own. A source's normal scores are brought to the mean and standard
 * deviation of the new study's values. The sources' models are fitted once, at the first fit.
 */
export function sourceEnsemble(
  sources: readonly PriorTask[],
  base: Surrogate,
  { method, weightsOf, varianceFactorsOf }: EnsembleOptions,
): Surrogate {
  const prepared = priorTaskModels(sources, base);
  return {
    async fit(data, context) {
      const models = await prepared(context.signal);
      const { mean, standardDeviation } = standardizationOf(data);
      const own = await base.fit(data, { ...context, previous: undefined, previousState: undefined });
      const weights = await weightsOf({ models, own, data, context });
      const parts = models.map(({ posterior }) =>
        affine(posterior, { scale: standardDeviation, shift: mean }),
      );
      const names = models.map(({ name }) => name);
      return combinedPosterior([...parts, own], weightedSum(weights, varianceFactorsOf(weights)), {
        ...own.why,
        ...transferWhy(method, { names, weights: weights.slice(0, -1) }),
      });
    },
  };
}
