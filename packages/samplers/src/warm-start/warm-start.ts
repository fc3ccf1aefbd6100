import {
  type Awaitable,
  InvalidArgumentError,
  type Params,
  type Proposal,
  runningTrials,
  type SampleRequest,
  type Sampler,
  type SourceValues,
  transferWhy,
} from '@foothold/core';
import { describedSampler } from '../described-sampler.ts';
import { portfolio } from './portfolio.ts';

/** Earlier studies as `prepareSources` of `@foothold/gp-models` gives them. */
export interface WarmStartSources {
  /** Their values at common points; undefined where no source is usable. Asked at every proposal: it keeps its result. */
  values(): Awaitable<SourceValues | undefined>;
}

export interface WarmStartOptions {
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
 * The same sources may be shared with a model. Throws InvalidArgumentError for `points` that is no whole number.
 */
export function warmStart(sources: WarmStartSources, options: WarmStartOptions): Sampler {
  const { sampler, points = 1 } = options;
  if (!(Number.isInteger(points) && points >= 0))
    throw new InvalidArgumentError('points', points, 'a whole number from 0');
  return {
    ...sampler,
    name: 'warm-start',
    options: {
      points,
      sampler: describedSampler(sampler),
      ...(options.fallback && { fallback: describedSampler(options.fallback) }),
    },
    async sample<P extends Params>(request: SampleRequest<P>) {
      const { trials, count } = request;
      const open = Math.min(Math.max(points - trials.length, 0), count);
      const values = await sources.values();
      if (!values) return (options.fallback ?? sampler).sample(request);
      if (open === 0) return sampler.sample(request);
      const proposals = initialProposals(values, request, open);
      const rest = count - proposals.length;
      if (rest === 0) return proposals;
      // The other proposals must see these as pending: the sampler is asked as if they ran.
      const running = runningTrials(proposals, trials);
      const more = await sampler.sample({ ...request, trials: [...trials, ...running], count: rest });
      return [...proposals, ...more];
    },
  };
}

/** The best points of the portfolio that the space allows and no trial has taken. */
function initialProposals<P extends Params>(
  values: SourceValues,
  request: SampleRequest<P>,
  count: number,
): Proposal<P>[] {
  const { space, trials, fixed } = request;
  const { names } = values;
  const taken = new Set(trials.map(({ params }) => space.encode(params).join()));
  const proposals: Proposal<P>[] = [];
  const weights = values.weights ?? names.map(() => 1);
  const total = weights.reduce((a, b) => a + b, 0);
  const byName = new Map<string, number>();
  for (const [j, name] of names.entries()) byName.set(name, (byName.get(name) ?? 0) + weights[j]! / total);
  const why = transferWhy('portfolio', { names: [...byName.keys()], weights: [...byName.values()] });
  for (const { point, expectedValue } of portfolio(values, trials.length + count + extraPoints)) {
    if (proposals.length >= count) break;
    const params = { ...space.decode(point), ...fixed };
    const key = space.encode(params).join();
    if (taken.has(key) || space.violation?.(params) !== undefined) continue;
    taken.add(key);
    proposals.push({ params, why: { stage: 'warm start', expectedValue, ...why } });
  }
  return proposals;
}
