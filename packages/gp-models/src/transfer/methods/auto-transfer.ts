/**
 * The one method: an average over hypotheses about the new task, from "an affine image of what the sources showed" to
 * "the sources say nothing", weighed by their evidence.
 */
import type {
  Column,
  Dataset,
  FitContext,
  Json,
  LinearAlgebra,
  Posterior,
  ProgramState,
  Surrogate,
  Why,
} from '@foothold/core';
import { cpu } from '@foothold/linalg';
import { proportionOrigin, untransformPosterior } from '../../warps/outcome-transform.ts';
import {
  type AutoTransferTuning,
  autoTransferDefaults,
  type HypothesisSet,
  hypothesesOf,
} from '../mixture/hypotheses.ts';
import type { Hypothesis, MixtureModel } from '../mixture/mixture-marginals.ts';
import { mixturePosterior } from '../mixture/mixture-posterior.ts';
import {
  cachedSources,
  type PreparedSources,
  transformed,
  transformFor,
} from '../sources/prepare-sources.ts';
import type { PriorTask } from '../sources/prior-task.ts';
import { type SourceWeights, transferWhy } from '../transfer-why.ts';

export interface AutoTransferOptions {
  /** The model without sources: takes turns once there is data to learn from, and stands alone where no source is usable. */
  readonly plain: Surrogate;
  readonly columns?: readonly Column[] | undefined;
  readonly linalg?: LinearAlgebra | undefined;
  readonly metaFeatures?: readonly number[] | undefined;
  readonly tuning?: Partial<AutoTransferTuning> | undefined;
}

/**
 * Transfer from any number of earlier studies: the surrogate to use when one does not want to choose.
 *
 * Many sources make a prior over functions (their mean and covariance over the unit cube, and a Matérn rest); one to
 * three are correlated tasks of unknown correlation. Hypotheses that trust the sources to different degrees or ignore
 * them are weighed by their (tempered) evidence. From ten rows on the plain model has every other fit: what either
 * overlooks the other may find, and a wrong source costs a few evaluations. Sources that look like noise are left out. The
 * preparation is made at the first fit and kept. `why.transfer` names the sources, the gate (their weight), the weight of
 * each hypothesis and whose turn it was, which the next fit reads from `context.previous`; without it odd numbers of rows
 * are the sources'. Throws InvalidArgumentError where a source has other columns.
 */
export function autoTransfer(sources: readonly PriorTask[], options: AutoTransferOptions): Surrogate {
  const { plain, columns, metaFeatures, linalg = cpu } = options;
  const tuning = { ...autoTransferDefaults, ...options.tuning };
  let prepared: Promise<Prepared | undefined> | undefined;
  const prepare = async (): Promise<Prepared | undefined> => {
    const prior = await cachedSources(sources, { columns, linalg, metaFeatures });
    return prior && { prior, hypotheses: await hypothesesOf(prior, tuning, linalg) };
  };
  return {
    async fit(data, context) {
      prepared ??= prepare();
      const found = await prepared;
      const n = data.y.length;
      const names = found?.prior.names ?? [];
      const why = transferWhy('auto', { names, weights: names.map(() => 0) }, { turn: 'plain' });
      const alone = () => plainFit(plain, { data, context, why });
      if (!found) return alone();
      const last = lastTurn(context.previousState ?? context.previous?.state);
      const aloneNow = last === undefined ? n % 2 === 0 : last === 'sources';
      return n >= tuning.alternateFrom && aloneNow ? alone() : fitMixture(found, data);
    },
  };
}

/** Whose turn a fit was, by its record: trials in batches come in steps of any size, so that their number does not tell. */
function lastTurn(state: ProgramState | undefined): Json | undefined {
  const said = state?.['transfer'];
  return typeof said === 'object' && said !== null && 'turn' in said ? said.turn : undefined;
}

interface Prepared {
  readonly prior: PreparedSources;
  readonly hypotheses: HypothesisSet;
}

const maxNamesShown = 100;

async function plainFit(
  plain: Surrogate,
  { data, context, why }: { readonly data: Dataset; readonly context: FitContext; readonly why: Why },
): Promise<Posterior> {
  const posterior = await plain.fit(data, context);
  return {
    ...posterior,
    why: { ...posterior.why, ...why },
    state: { ...posterior.state, transfer: { turn: 'plain', gate: 0 } },
  };
}

async function fitMixture({ prior, hypotheses: part }: Prepared, data: Dataset): Promise<Posterior> {
  // Shares only while the new study's values are shares too.
  const same = prior.proportionOrigin !== undefined && proportionOrigin([data]) === prior.proportionOrigin;
  const scale = transformFor(same ? prior.proportionOrigin : undefined, data.y, prior.kind);
  const { posterior, weights } = await mixturePosterior(modelOf(part, same), transformed(data, scale));
  const why = transferWhy('auto', sourceWeightsOf(prior, weights), {
    turn: 'sources',
    ignored: prior.ignored.slice(0, maxNamesShown),
    scale: scale.name,
    hypotheses: Object.fromEntries([...weights].map(([{ name }, weight]) => [name, weight])),
  });
  const { gate } = why.transfer;
  const state = { transfer: { turn: 'sources', gate } };
  return { ...untransformPosterior(posterior, { scale, data, why }), state };
}

/**
 * Each source's part: the weight of the hypotheses that listen to it alone, and its share of those that listen to all. What
 * turns a source round does not listen to it.
 */
function sourceWeightsOf(
  { names, weights: prior }: PreparedSources,
  weights: ReadonlyMap<Hypothesis, number>,
): SourceWeights {
  const whole = prior?.reduce((a, b) => a + b, 0) ?? names.length;
  const shares = names.map(() => 0);
  for (const [{ mean, source }, weight] of weights)
    if (mean > 0)
      for (let j = 0; j < names.length; j++)
        if (source === undefined) shares[j] = shares[j]! + (weight * (prior?.[j] ?? 1)) / whole;
        else if (source === j) shares[j] = shares[j]! + weight;
  return { names, weights: shares };
}

function modelOf(part: HypothesisSet, sameUnits: boolean): MixtureModel {
  const steps = sameUnits && part.hasSharedPrior ? [-2, -1, 0, 1, 2] : [-3, -2, -1, 0, 1, 2, 3];
  const unit = sameUnits ? part.unit : 1 / Math.sqrt(part.variance);
  return {
    ...part,
    scales: steps.map((k) => ({ value: unit * 2 ** k, logPrior: -0.5 * (k * Math.LN2) ** 2 })),
    offset: sameUnits ? part.offset : { mean: 0, variance: 4 * part.variance },
  };
}
