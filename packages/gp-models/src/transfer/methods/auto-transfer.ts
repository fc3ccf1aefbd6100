import {
  type Dataset,
  type FitContext,
  type PriorTask,
  type ProgramState,
  type Surrogate,
  transferWhy,
  type Why,
} from '@foothold/core';
import { type AutoTransferTuning, autoTransferDefaults, maxCorrelatedTasks } from '../defaults.ts';
import { type SourceMixture, sourceMixture } from '../mixture/source-mixture.ts';
import type { PrepareSourcesOptions } from '../sources/empirical-prior-of.ts';
import { type PreparedSources, preparedFrom } from '../sources/prepare-sources.ts';

/** Hyperparameters of a Gaussian process beside a lengthscale a column. */
const outputScaleNoiseAndMean = 3;

export interface AutoTransferOptions extends PrepareSourcesOptions {
  /** The model without sources: it makes all fits where no source is usable. */
  readonly plain: Surrogate;
  readonly tuning?: Partial<AutoTransferTuning> | undefined;
  /**
   * For choosing the next point. Each fit draws whether the sources help, and is the plain model or the mixture of the hypotheses with sources
   * (probability matching: Thompson 1933). The plain model's probability is the posterior weight w of the hypotheses without sources from as many
   * rows on as it has hyperparameters. With fewer rows it knows next to nothing, and prior weight alone is no reason to ask it: its probability is what
   * the evidence has added to their prior weight w₀, (w − w₀)/(1 − w₀). Sources that make no common prior, one to three without those that
   * are left out as noise, stay a mixture of all. Default: false, the mixture of all.
   */
  readonly probabilityMatching?: boolean | undefined;
}

/**
 * Transfer from any number of earlier studies: the surrogate to use when one does not want to choose.
 *
 * It averages over hypotheses by their posterior weights. Many sources make a prior over functions (their mean and covariance
 * over the unit cube, and a Matérn rest); one to three are tasks of unknown correlation; some
 * hypotheses have no sources. Sources that look like noise are left out. `sources` are prepared at the first fit. Those of
 * `prepareSources` may be shared with `warmStart`; columns, features and backend of the options are not used then.
 *
 * `why.transfer` has the sources, the gate (their weight together) and the weight of each hypothesis; `state.transfer` has the
 * gate, and with `probabilityMatching` both have the model that was drawn. Throws InvalidArgumentError where a source has other columns.
 */
export function autoTransfer(
  sources: readonly PriorTask[] | PreparedSources,
  options: AutoTransferOptions,
): Surrogate {
  const { plain, probabilityMatching = false } = options;
  const tuning = { ...autoTransferDefaults, ...options.tuning };
  const prepared = preparedFrom(sources, options);
  let mixture: Promise<SourceMixture | undefined> | undefined;
  const prepare = async () => {
    const prior = await prepared.prior();
    return prior && sourceMixture(prior, tuning);
  };
  const plainFit = async (task: Task, transfer: Why['transfer'], state: ProgramState) => {
    const found = await plain.fit(task.data, task.context);
    return { ...found, why: { ...found.why, transfer }, state: { ...found.state, transfer: state } };
  };
  return {
    async fit(data, context) {
      mixture ??= prepare();
      const found = await mixture;
      const task = { data, context };
      if (!found)
        return plainFit(task, transferWhy('auto', { names: [], weights: [] }).transfer, { gate: 0 });
      const { posterior, informed, why, nullWeight, nullGain } = await found.fit(data, 'auto');
      const { gate } = why.transfer;
      const isDrawn = probabilityMatching && found.prior.datasets.length > maxCorrelatedTasks;
      if (!isDrawn) return { ...posterior, state: { transfer: { gate } } };
      const isInformative = data.y.length >= data.x.columns + outputScaleNoiseAndMean;
      if (context.rng.fork('sources or none').next() < (isInformative ? nullWeight : nullGain))
        return plainFit(task, { ...why.transfer, turn: 'plain' }, { gate, turn: 'plain' });
      return { ...informed, state: { transfer: { gate, turn: 'sources' } } };
    },
  };
}

interface Task {
  readonly data: Dataset;
  readonly context: FitContext;
}
