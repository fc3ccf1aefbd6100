import { type PriorTask, type Surrogate, transferWhy } from '@foothold/core';
import { type AutoTransferTuning, autoTransferDefaults } from '../defaults.ts';
import { type SourceMixture, sourceMixture } from '../mixture/source-mixture.ts';
import type { PrepareSourcesOptions } from '../sources/empirical-prior-of.ts';
import { type PreparedSources, preparedFrom } from '../sources/prepare-sources.ts';

export interface AutoTransferOptions extends PrepareSourcesOptions {
  /** The model without sources: it makes all fits where no source is usable. */
  readonly plain: Surrogate;
  readonly tuning?: Partial<AutoTransferTuning> | undefined;
}

/**
 * Transfer from any number of earlier studies: the surrogate to use when one does not want to choose.
 *
 * It averages over hypotheses by their posterior weights. Many sources make a prior over functions (their mean and covariance
 * over the unit cube, and a Matérn rest), with a tempered likelihood; one to three are tasks of unknown correlation; some
 * hypotheses have no sources. Sources that look like noise are left out. `sources` are prepared at the first fit. Those of
 * `prepareSources` may be shared with `warmStart`; columns, features and backend of the options are not used then.
 *
 * `why.transfer` has the sources, the gate (their weight together) and the weight of each hypothesis; `state.transfer` has the
 * gate. The default sampler of `@foothold/optimize` alternates between this model and the plain one, as a second safeguard
 * against misleading sources. Throws InvalidArgumentError where a source has other columns.
 */
export function autoTransfer(
  sources: readonly PriorTask[] | PreparedSources,
  options: AutoTransferOptions,
): Surrogate {
  const { plain } = options;
  const tuning = { ...autoTransferDefaults, ...options.tuning };
  const prepared = preparedFrom(sources, options);
  let mixture: Promise<SourceMixture | undefined> | undefined;
  const prepare = async () => {
    const prior = await prepared.prior();
    return prior && sourceMixture(prior, tuning);
  };
  return {
    async fit(data, context) {
      mixture ??= prepare();
      const found = await mixture;
      if (found) {
        const posterior = await found.fit(data, 'auto');
        return { ...posterior, state: { transfer: { gate: posterior.why.transfer.gate } } };
      }
      const { why, state, ...posterior } = await plain.fit(data, context);
      return {
        ...posterior,
        why: { ...why, ...transferWhy('auto', { names: [], weights: [] }) },
        state: { ...state, transfer: { gate: 0 } },
      };
    },
  };
}
