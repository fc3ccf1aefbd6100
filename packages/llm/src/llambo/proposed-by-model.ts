import { logExpectedImprovement } from '@foothold/acquisitions';
import {
  datasetOf,
  type LanguageModel,
  type Marginals,
  matrixOf,
  type Params,
  type Proposal,
  runningTrials,
  type SampleRequest,
  type Surrogate,
  type Why,
} from '@foothold/core';
import { type Candidates, candidates } from '../candidates/candidates.ts';
import { spentWhy } from '../limits/spent-why.ts';
import { discriminative } from '../surrogates/discriminative.ts';
import { generative } from '../surrogates/generative.ts';
import { meteredModel } from '../surrogates/metered-model.ts';
import type { LlamboSettings } from './llambo-options.ts';

const nothing = { calls: 0, usage: { promptTokens: 0, completionTokens: 0 } };

/**
 * `request.count` proposals: the candidates of largest expected improvement, and where there are too few those of the sampler beneath.
 * Calls and tokens of the ask stand in the `why` of the first.
 */
export async function proposedByModel<P extends Params>(
  model: LanguageModel,
  settings: LlamboSettings,
  request: SampleRequest<P>,
): Promise<readonly Proposal<P>[]> {
  const { count, rng, trials, fixed, signal } = request;
  const metered = meteredModel(model);
  const { card, context, templates, alpha, jitter, warping, shuffleFeatures, examples } = settings;
  const made = await candidates(metered.model, {
    ...{ card, context, templates, alpha, jitter, warping, shuffleFeatures, examples },
    ...{ temperature: settings.temperature, maxTokens: settings.maxTokens },
    ...{ space: request.space, direction: request.direction, trials, fixed, signal },
    count: Math.max(settings.candidates, count),
    rng: rng.fork('llambo'),
  });
  const chosen = await chosenOf(metered.model, settings, { request, made });
  const why = adviceOf(made, chosen.failure, settings);
  // A further proposal of the same ask cost nothing more.
  const cost = (k: number) => spentWhy(k === 0 ? metered.meter() : nothing, settings.prices);
  const proposals = chosen.proposals.map((proposal, k) => ({
    params: proposal.params,
    why: { stage: 'llambo', ...why, ...proposal.why, ...cost(k) },
  }));
  const rest = count - proposals.length;
  if (rest === 0) return proposals;
  const running = runningTrials(proposals, trials);
  const more = await settings.sampler.sample({ ...request, trials: [...trials, ...running], count: rest });
  return [
    ...proposals,
    ...more.map((proposal, k) => ({
      ...proposal,
      why: { ...proposal.why, adviser: { ...why, ...cost(proposals.length + k) } },
    })),
  ];
}

interface Chosen<P extends Params> {
  readonly proposals: readonly Proposal<P>[];
  readonly failure?: string | undefined;
}

/** The candidates of largest expected improvement; in the model's order where there is nothing to choose, or nothing to compare with. */
async function chosenOf<P extends Params>(
  model: LanguageModel,
  settings: LlamboSettings,
  { request, made }: { readonly request: SampleRequest<P>; readonly made: Candidates<P> },
): Promise<Chosen<P>> {
  const { space, direction, count, signal } = request;
  const { configurations } = made;
  const inOrder = configurations.slice(0, count).map((params) => ({ params }));
  if (configurations.length <= count || made.target === undefined) return { proposals: inOrder };
  const told = request.trials.filter(({ outside }) => outside === undefined);
  const data = datasetOf(space, told, direction);
  const rng = request.rng.fork('surrogate');
  const posterior = await surrogateOf(model, settings, request).fit(data, { rng, signal });
  const x = matrixOf(configurations.map((params) => space.encode(params)));
  const marginals = await posterior.marginals(x);
  const utility = await logExpectedImprovement({ incumbent: 'observed' }).prepare({ posterior, data, rng });
  const { value } = utility(marginals, x, { gradient: false });
  const rank = (i: number) => (Number.isNaN(value[i]) ? -Infinity : value[i]!);
  const ranked = [...configurations.keys()].sort((i, j) => rank(j) - rank(i) || i - j);
  const sign = direction === 'maximize' ? 1 : -1;
  return {
    proposals: ranked.slice(0, count).map((i) => ({
      params: configurations[i]!,
      why: beliefWhy(marginals, i, sign),
    })),
    failure: typeof posterior.why?.['failure'] === 'string' ? posterior.why['failure'] : undefined,
  };
}

/** The surrogate of the mode. Its direction is that of the card, which a study checks. */
function surrogateOf<P extends Params>(
  model: LanguageModel,
  settings: LlamboSettings,
  { space, direction }: SampleRequest<P>,
): Surrogate {
  const { context, templates, generations, shuffleFeatures, warping, examples } = settings;
  const card = { ...settings.card, direction };
  const common = { space, card, context, templates, generations, shuffleFeatures, warping, examples };
  const { bootstrap, recalibration, topFraction, probabilities } = settings;
  return settings.mode === 'generative'
    ? generative(model, { ...common, topFraction, probabilities })
    : discriminative(model, { ...common, bootstrap, recalibration });
}

function beliefWhy({ mean, variance }: Marginals, i: number, sign: 1 | -1): Why {
  return { mean: sign * mean[i]!, standardDeviation: Math.sqrt(variance[i]!) };
}

/** What the model proposed and why it said no more. */
function adviceOf(made: Candidates, surrogateFailure: string | undefined, { mode }: LlamboSettings): Why {
  const { target, configurations, dropped } = made;
  const failure = made.failure ?? surrogateFailure;
  return {
    ...{ mode, proposed: configurations.length },
    ...(target !== undefined && { target }),
    ...(dropped.total > 0 && { dropped: { ...dropped.counts } }),
    ...(failure !== undefined && { failure }),
  };
}
