import {
  type Dataset,
  type FitContext,
  type Json,
  type Posterior,
  type PriorTask,
  type ProgramState,
  type Surrogate,
  transferWhy,
  type Why,
} from '@foothold/core';
import { type AutoTransferTuning, autoTransferDefaults } from '../defaults.ts';
import { type SourceMixture, sourceMixture } from '../mixture/source-mixture.ts';
import type { PrepareSourcesOptions } from '../sources/empirical-prior-of.ts';
import { type PreparedSources, preparedFrom } from '../sources/prepare-sources.ts';

export interface AutoTransferOptions extends PrepareSourcesOptions {
  /** The model without sources: it makes every second fit from some rows on, and all fits where no source is usable. */
  readonly plain: Surrogate;
  readonly tuning?: Partial<AutoTransferTuning> | undefined;
}

/**
 * Transfer from any number of earlier studies: the surrogate to use when one does not want to choose.
 *
 * It averages over hypotheses by their posterior weights. Many sources make a prior over functions (their mean and covariance
 * over the unit cube, and a Matérn rest), with a tempered likelihood; one to three are tasks of unknown correlation; some
 * hypotheses have no sources. From ten rows on every second fit is the plain model's: each finds what the other's model does
 * not see, and a misleading source costs a few evaluations. Sources that look like noise are left out. `sources` are
 * prepared at the first fit. Those of `prepareSources` may be shared with `warmStart`; columns, features and backend of the
 * options are not used then.
 *
 * `why.transfer` has the sources, the gate (their weight together), the weight of each hypothesis and whose turn it was.
 * `state` has the turn, which the next fit reads; without it the sources' model has the odd numbers of rows. Throws
 * InvalidArgumentError where a source has other columns.
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
      if (!found) return plainFit(plain, { data, context, names: [] });
      const n = data.y.length;
      const last = lastTurn(context.previousState ?? context.previous?.state);
      const isPlainTurn = last === undefined ? n % 2 === 0 : last === 'sources';
      if (n >= tuning.alternateFrom && isPlainTurn)
        return plainFit(plain, { data, context, names: found.prior.names });
      const { why, ...posterior } = await found.fit(data, 'auto');
      const turn = 'sources';
      const { gate } = why.transfer;
      return { ...posterior, why: withTurn(why, turn), state: { transfer: { turn, gate } } };
    },
  };
}

/** Whose turn the last fit was. Trials in batches come in steps of any size, so that their number does not tell. */
function lastTurn(state: ProgramState | undefined): Json | undefined {
  const transfer = state?.['transfer'];
  return typeof transfer === 'object' && transfer !== null && 'turn' in transfer ? transfer.turn : undefined;
}

function withTurn(why: Why & { readonly transfer: Why }, turn: 'sources' | 'plain'): Why {
  return { ...why, transfer: { ...why.transfer, turn } };
}

async function plainFit(
  plain: Surrogate,
  {
    data,
    context,
    names,
  }: { readonly data: Dataset; readonly context: FitContext; readonly names: readonly string[] },
): Promise<Posterior> {
  const posterior = await plain.fit(data, context);
  const turn = 'plain';
  const why = withTurn(transferWhy('auto', { names, weights: names.map(() => 0) }), turn);
  return {
    ...posterior,
    why: { ...posterior.why, ...why },
    state: { ...posterior.state, transfer: { turn, gate: 0 } },
  };
}
