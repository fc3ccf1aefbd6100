import {
  InvalidArgumentError,
  type Params,
  type Proposal,
  rowOf,
  type SampleRequest,
  type Sampler,
} from '@foothold/core';
import type { EmpiricalPrior, PrepareSourcesOptions } from '../sources/empirical-prior-of.ts';
import { portfolio } from '../sources/portfolio.ts';
import { type PreparedSources, preparedFrom, prepareSources } from '../sources/prepare-sources.ts';
import type { PriorTask } from '../sources/prior-task.ts';
import { transferWhy } from '../transfer-why.ts';

export interface WarmStartOptions extends PrepareSourcesOptions {
  /** Proposes all further trials. */
  readonly sampler: Sampler;
  /** Proposes instead where no source is usable, from the first trial on. Default: `sampler`. */
  readonly fallback?: Sampler | undefined;
  /** Number of trials that the sources alone decide. A model of the new task does better from then on. Default: 1. */
  readonly points?: number | undefined;
}

/** Points of the portfolio that are tried beyond those that are needed, where the space refuses some or they are taken. */
const extraPoints = 20;

/**
 * A sampler whose first trials are points that were good on the sources, with every source in a scale of its own: of one
 * source its best trial, of many the point of the best prior mean; each further point lowers the sources' mean regret the
 * most, given those before it. Then `sampler` takes over. Trials that exist already, loaded ones too, count as points.
 * Sources of `prepareSources` may be shared with a model. Throws InvalidArgumentError for `points` that is no whole number.
 */
export function warmStart(
  sources: readonly PriorTask[] | PreparedSources,
  options: WarmStartOptions,
): Sampler {
  const { sampler, points = 1 } = options;
  if (!(Number.isInteger(points) && points >= 0))
    throw new InvalidArgumentError('points', points, 'a whole number from 0');
  let prepared: PreparedSources | undefined;
  return {
    ...sampler,
    name: 'warm-start',
    async sample<P extends Params>(request: SampleRequest<P>) {
      const { space, trials, count } = request;
      const open = Math.min(Math.max(points - trials.length, 0), count);
      prepared ??= preparedFrom(sources, { ...options, columns: options.columns ?? space.columns });
      const prior = await prepared.prior();
      if (!prior) return (options.fallback ?? sampler).sample(request);
      if (open === 0) return sampler.sample(request);
      const proposals = initialProposals(prior, request, open);
      const rest = count - proposals.length;
      if (rest === 0) return proposals;
      // The other proposals must see these as pending: the sampler is asked as if they ran.
      const running = proposals.map(({ params }, k) => ({
        number: (trials.at(-1)?.number ?? -1) + 1 + k,
        params,
        reports: [],
        state: 'running' as const,
      }));
      const more = await sampler.sample({ ...request, trials: [...trials, ...running], count: rest });
      return [...proposals, ...more];
    },
  };
}

/** The best points of the portfolio that the space allows and no trial has taken. */
function initialProposals<P extends Params>(
  prior: EmpiricalPrior,
  request: SampleRequest<P>,
  count: number,
): Proposal<P>[] {
  const { space, trials, fixed } = request;
  const taken = new Set(trials.map(({ params }) => space.encode(params).join()));
  const { inducingPoints } = prior.basis;
  const proposals: Proposal<P>[] = [];
  const weights = prior.weights ?? prior.names.map(() => 1);
  const total = weights.reduce((a, b) => a + b, 0);
  const why = transferWhy('portfolio', { names: prior.names, weights: weights.map((w) => w / total) });
  for (const { index, expectedValue } of portfolio(prior, trials.length + count + extraPoints)) {
    if (proposals.length >= count) break;
    const params = { ...space.decode(Float64Array.from(rowOf(inducingPoints, index))), ...fixed };
    const key = space.encode(params).join();
    if (taken.has(key) || space.violation?.(params) !== undefined) continue;
    taken.add(key);
    proposals.push({ params, why: { stage: 'warm start', expectedValue, ...why } });
  }
  return proposals;
}

/**
 * The points that `warmStart` would begin with, best first, in the unit cube: for those who choose among given settings.
 * None where no source is usable.
 */
export async function promisingPoints(
  sources: readonly PriorTask[],
  { count, ...options }: PrepareSourcesOptions & { readonly count: number },
): Promise<Float64Array[]> {
  const prior = await prepareSources(sources, options).prior();
  if (!prior) return [];
  return portfolio(prior, count)
    .slice(0, count)
    .map(({ index }) => Float64Array.from(rowOf(prior.basis.inducingPoints, index)));
}
