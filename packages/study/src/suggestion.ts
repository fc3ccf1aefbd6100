import {
  type Goal,
  InvalidArgumentError,
  OutOfSpaceError,
  type Params,
  type Sampler,
  type SearchSpace,
  type StudyEvent,
  seeded,
  UnsupportedError,
} from '@foothold/core';
import { canonical, throughJson } from './canonical.ts';
import { featuresOf } from './goal.ts';
import type { StudyState } from './replay.ts';

export interface SuggestionRequest<P extends Params> {
  readonly space: SearchSpace<P>;
  readonly sampler: Sampler;
  readonly goal: Goal;
  readonly seed: number;
  readonly budget?: number | undefined;
  readonly fixed?: Partial<P> | undefined;
  readonly signal?: AbortSignal | undefined;
}

type Asked = Omit<Extract<StudyEvent, { readonly type: 'asked' }>, 'lease'>;

/**
 * The next new trial: from the queue, else from the sampler. A pure function of the state (hence of the log) and the
 * request: trial k draws from `seeded(seed).fork(k)`.
 */
export async function suggestion<P extends Params>(
  state: StudyState<P>,
  request: SuggestionRequest<P>,
): Promise<Asked> {
  const { space, sampler, goal, seed, budget, fixed, signal } = request;
  const number = state.trials.length;
  const queued = state.queue.find((params) => agrees(params, fixed));
  if (queued) return { type: 'asked', number, params: queued, queued: true };
  const [proposal] = await sampler.sample({
    ...goal,
    space,
    trials: [...state.trials],
    count: 1,
    fixed,
    budget,
    rng: seeded(seed).fork(number),
    signal,
  });
  if (!proposal) throw new UnsupportedError('a proposal for this problem', nameOf(sampler));
  const params = throughJson(proposal.params);
  refuseOutside(space, params);
  if (!agrees(params, fixed))
    throw new UnsupportedError('fixed values', nameOf(sampler), `it proposed ${canonical(params)}`);
  return { type: 'asked', number, params, ...(proposal.why ? { why: throughJson(proposal.why) } : {}) };
}

/** True when the parameters have all the fixed values. */
export function agrees<P extends Params>(params: P, fixed: Partial<P> | undefined): boolean {
  return Object.entries(fixed ?? {}).every(
    ([name, value]) => value === undefined || (Object.hasOwn(params, name) && params[name] === value),
  );
}

/** Throws OutOfSpaceError unless the parameters may be evaluated. */
export function refuseOutside<P extends Params>(space: SearchSpace<P>, params: P): void {
  if (typeof params !== 'object' || params === null)
    throw new InvalidArgumentError('params', params, 'an object from parameter to value');
  space.encode(params);
  const violation = space.violation?.(params);
  if (violation !== undefined)
    throw new OutOfSpaceError('params', params, `the constraints of the space: ${violation}`);
}

/**
 * Throws UnsupportedError when the sampler does not state an ability that the problem needs. A sampler that states
 * nothing is taken to handle plain boxes, real parameters included.
 */
export function refuseUnsupported(space: SearchSpace, sampler: Sampler, goal: Goal): void {
  const needed = [...(space.features ?? []), ...featuresOf(goal)];
  const isReal = space.columns.some(({ kind }) => kind === 'continuous');
  if (isReal && sampler.supports && !needed.includes('continuous')) needed.push('continuous');
  for (const feature of needed)
    if (!sampler.supports?.includes(feature))
      throw new UnsupportedError(feature, nameOf(sampler), 'choose another sampler, or change the problem');
}

export function nameOf(sampler: Sampler): string {
  return sampler.name ?? 'the sampler';
}
