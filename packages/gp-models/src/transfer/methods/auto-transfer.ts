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

export interface AutoTransferOptions extends PrepareSourcesOptions {
  /** The model without sources: it makes all fits where no source is usable. */
  readonly plain: Surrogate;
  readonly tuning?: Partial<AutoTransferTuning> | undefined;
  /**
   * For choosing the next point. Each fit draws whether the sources help, their negative, or neither (probability matching: Thompson 1933), and
   * is the mixture of those hypotheses, or the plain model. The probability of the last two is what the evidence has added to their weight, as a
   * share of what it could add: prior doubt alone, before the task says anything, is no reason to ask a model that knows nothing. Sources
   * that make no common prior, one to three without those that are left out as noise, stay a mixture of all. Default:
   * false, the mixture of all.
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
      const { posterior, given, why, gains } = await found.fit(data, 'auto');
      const { gate } = why.transfer;
      const isDrawn = probabilityMatching && found.prior.datasets.length > maxCorrelatedTasks;
      if (!isDrawn) return { ...posterior, state: { transfer: { gate } } };
      const drawn = context.rng.fork('sources or none').next();
      if (drawn < gains.none)
        return plainFit(task, { ...why.transfer, turn: 'plain' }, { gate, turn: 'plain' });
      if (drawn < 1 - gains.negated)
        return { ...given.sources, state: { transfer: { gate, turn: 'sources' } } };
      const negated = { ...given.negated.why, transfer: { ...why.transfer, turn: 'negated' } };
      return { ...given.negated, why: negated, state: { transfer: { gate, turn: 'negated' } } };
    },
  };
}

interface Task {
  readonly data: Dataset;
  readonly context: FitContext;
}
