import {
  type Awaitable,
  type Goal,
  InfeasibleSpaceError,
  type KnownParams,
  OutOfSpaceError,
  type Params,
  type ProgramState,
  type Proposal,
  type Rng,
  type SampleRequest,
  type Sampler,
  type SearchSpace,
  SpaceExhaustedError,
  type StudyEvent,
  seeded,
  type TrainingFidelity,
  type Trial,
  UnsupportedError,
} from '@foothold/core';
import { loadedPresentTrials } from '../edits/loaded-present-trials.ts';
import type { PresentTrials } from '../edits/present-trials.ts';
import { isSpaceEdited } from '../edits/study-edits.ts';
import { canonical, throughJson } from '../log/canonical.ts';
import { nameOf } from '../refuse-unsupported.ts';
import type { KnownTrials } from '../state/state-view.ts';
import type { StudyState } from '../state/study-state.ts';
import { asKnownConfiguration, pieceRefusal } from '../training/training-pieces.ts';
import { claimsBeside } from './claims.ts';
import { isWhole, refuseOutside } from './enqueued-params.ts';

export interface SuggestionRequest<P extends Params> {
  readonly space: SearchSpace<P>;
  readonly sampler: Sampler;
  readonly goal: Goal;
  readonly seed: number;
  /** The claim of the worker that asks, where it has one: `claim` of the event. Those of others have it choose beside them. */
  readonly claim?: number | undefined;
  readonly plannedTrials?: number | undefined;
  readonly fixed?: Partial<P> | undefined;
  /** In a replay, as of a `SampleRequest`. */
  readonly replayed?: readonly ProgramState[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a suggestion is made from: a state, or a view of one. */
export type SeenState<P extends Params> = Pick<
  StudyState<P>,
  'edits' | 'trials' | 'count' | 'queue' | 'claims'
> & {
  readonly known?: KnownTrials<P>;
};

export type Asked = Omit<Extract<StudyEvent, { readonly type: 'asked' }>, 'lease'>;
export type Dequeued = Extract<StudyEvent, { readonly type: 'dequeued' }>;

/**
 * The next new trial: from the queue, else from the sampler. A pure function of the state (hence of the log) and the
 * request: trial k draws from `seeded(seed).fork(k)`, and beside n claims of others it is proposal n + 1 of a batch. What is enqueued and can be no trial is taken from the queue instead.
 */
export async function suggestion<P extends Params>(
  state: SeenState<P>,
  request: SuggestionRequest<P>,
): Promise<Asked | Dequeued> {
  const { space, fixed } = request;
  const number = state.count;
  for (const entry of state.queue) {
    if (isWhole(space, entry)) {
      const refusal = agrees(entry, fixed) && refusalAmong(state, entry, request);
      if (refusal && refusal.kind === 'reached')
        return { type: 'dequeued', params: entry, reason: refusal.text };
      if (refusal === undefined) return { type: 'asked', number, params: entry, queued: true };
      continue;
    }
    if (isContrary(entry, fixed)) continue;
    try {
      // What is enqueued is asked even where every point with it has been tried.
      const chosen = await sampled(state, { ...request, fixed: { ...fixed, ...entry } }).catch(
        (error: unknown) => {
          if (!(error instanceof SpaceExhaustedError)) throw error;
          const goal = { ...request.goal, repeat: true };
          return sampled(state, { ...request, goal, fixed: { ...fixed, ...entry } });
        },
      );
      return { ...chosen, queued: true, given: entry as Params };
    } catch (error) {
      if (!(error instanceof InfeasibleSpaceError || error instanceof OutOfSpaceError)) throw error;
      if (fixed && Object.keys(fixed).length > 0) continue;
      return { type: 'dequeued', params: entry as Params, reason: error.message };
    }
  }
  return sampled(state, request);
}

/** Why a piece of training with these parameters cannot begin; undefined where it can, and where trials are no pieces. */
function refusalAmong<P extends Params>(
  state: Pick<SeenState<P>, 'trials'>,
  params: Params,
  { goal: { fidelity } }: Pick<SuggestionRequest<P>, 'goal'>,
) {
  return fidelity && pieceRefusal(state.trials, params, fidelity);
}

/**
 * All parameters of a trial that is next in the queue: no sampler is needed. Undefined where one is, or nothing waits, and for pieces of
 * training, which depend on the others of their configuration.
 */
export function nextWhole<P extends Params>(
  { queue, goal }: Pick<StudyState<P>, 'queue' | 'goal'>,
  { space, fixed }: Pick<SuggestionRequest<P>, 'space' | 'fixed'>,
): Params | undefined {
  if (goal?.fidelity) return undefined;
  for (const entry of queue)
    if (isWhole(space, entry)) {
      if (agrees(entry, fixed)) return entry;
    } else if (!isContrary(entry, fixed)) return undefined;
  return undefined;
}

/** Whether what waits in the queue has another value than the ask gives. */
function isContrary<P extends Params>(entry: Partial<P>, fixed: Partial<P> | undefined): boolean {
  return Object.keys(entry).some((name) => fixed?.[name] !== undefined && fixed[name] !== entry[name]);
}

/**
 * The same where one call of the sampler makes it, at once where the sampler answers at once; undefined where something waits
 * in the queue, others have claims, or the space was edited.
 */
export function promptSuggestion<P extends Params>(
  state: SeenState<P>,
  request: SuggestionRequest<P>,
): Asked | Promise<Asked> | undefined {
  const isWaiting = state.queue.length > 0 || claimsBeside(state.claims, request.claim) > 0;
  if (isWaiting || isSpaceEdited(state)) return undefined;
  const { propose, chosen } = sampling(state, request, undefined);
  const proposals = propose(1);
  const last = (of: readonly Proposal<P>[]) => chosen(of.at(-1));
  return 'then' in proposals ? Promise.resolve(proposals).then(last) : last(proposals);
}

/** What the sampler proposed for one state, best first, and how many it was asked for. */
export interface SuggestionBatch {
  readonly suggestions: readonly Asked[];
  readonly count: number;
}

/** So many suggestions at once for a state in which nothing waits; one where there are not so many points left. */
export async function suggestionBatch<P extends Params>(
  state: SeenState<P>,
  request: SuggestionRequest<P>,
  most: number,
): Promise<SuggestionBatch> {
  const present = await loadedPresentTrials(state, request.space);
  const { propose, chosen } = sampling(state, request, present);
  const { proposals, count } = await atMost(most, propose);
  return { suggestions: proposals.length > 0 ? proposals.map(chosen) : [chosen(undefined)], count };
}

/** The sampler's choice with the fixed values, which are written as they were given. */
async function sampled<P extends Params>(state: SeenState<P>, request: SuggestionRequest<P>): Promise<Asked> {
  const present = await loadedPresentTrials(state, request.space);
  const { propose, chosen } = sampling(state, request, present);
  const { proposals } = await atMost(claimsBeside(state.claims, request.claim) + 1, propose);
  return chosen(proposals.at(-1));
}

/** Calls of the sampler, and what is asked of a proposal that it returns. */
function sampling<P extends Params>(
  state: SeenState<P>,
  { space, sampler, goal, seed, plannedTrials, fixed, replayed, signal }: SuggestionRequest<P>,
  present: PresentTrials<P> | undefined,
): {
  propose(count: number): Awaitable<readonly Proposal<P>[]>;
  chosen(proposal: Proposal<P> | undefined): Asked;
} {
  const number = state.count;
  const known = state.known && knownParams(state.known, present);
  let trials: readonly Trial<P>[] | undefined;
  const propose = (count: number) => {
    const rng = seeded(seed).fork(number);
    const sampleRequest: SampleRequest<P> = {
      ...goal,
      space: present?.space ?? space,
      get trials() {
        trials ??= present ? state.trials.flatMap((trial) => present.seen(trial) ?? []) : state.trials;
        return trials;
      },
      count,
      fixed: withParents(space, fixed, rng.fork('parents')),
      plannedTrials,
      ...(replayed && { replayed }),
      rng,
      signal,
    };
    return sampler.sample(Object.defineProperty(sampleRequest, 'known', { value: known }));
  };
  const continued = (params: P, fidelity: TrainingFidelity) =>
    asKnownConfiguration(params, {
      space: present?.space ?? space,
      trials: present ? state.trials.flatMap((trial) => present.seen(trial) ?? []) : state.trials,
      fidelity,
    });
  const chosen = (proposal: Proposal<P> | undefined): Asked => {
    if (!proposal) throw new UnsupportedError('a proposal for this problem', nameOf(sampler));
    const given = withFixed(space, { proposal, sampler, fixed });
    const params = goal.fidelity ? continued(given, goal.fidelity) : given;
    refuseOutside(space, params);
    const refusal = refusalAmong(state, params, { goal });
    if (refusal)
      throw new UnsupportedError(
        `pieces of training, of which it proposed ${canonical(params)}: ${refusal.text}`,
        nameOf(sampler),
        'a study with a fidelity needs a sampler for learning curves',
      );
    const { why, samplerState } = proposal;
    return {
      type: 'asked',
      number,
      params,
      ...(why ? { why: throughJson(why) } : {}),
      ...(samplerState ? { samplerState: throughJson(samplerState) } : {}),
    };
  };
  return { propose, chosen };
}

/** The params of the known trials as a sampler sees them; in an edited space those of the trials inside of it. */
function knownParams<P extends Params>(
  { key, count, from }: KnownTrials<P>,
  present: PresentTrials<P> | undefined,
): KnownParams {
  if (!present) return { key, count, from: (number) => from(number).map(({ params }) => params) };
  const inside = (trial: Trial<P>) => {
    const seen = present.seen(trial);
    return seen && seen.outside === undefined ? [seen.params] : [];
  };
  return { key: keyInSpace(present, key), count, from: (number) => from(number).flatMap(inside) };
}

/** A key for the params of these trials as they stand to an edited space. */
function keyInSpace(present: object, key: object): object {
  const keys = keysInSpaces.get(present) ?? new WeakMap<object, object>();
  keysInSpaces.set(present, keys);
  const found = keys.get(key) ?? {};
  keys.set(key, found);
  return found;
}

const keysInSpaces = new WeakMap<object, WeakMap<object, object>>();

/** The proposals of a batch; where there are not so many, those of a batch of one. */
async function atMost<T>(
  count: number,
  propose: (count: number) => Awaitable<readonly T[]>,
): Promise<{ readonly proposals: readonly T[]; readonly count: number }> {
  try {
    return { proposals: await propose(count), count };
  } catch (error) {
    const isFewer = error instanceof SpaceExhaustedError || error instanceof InfeasibleSpaceError;
    if (!isFewer || count === 1) throw error;
    return { proposals: await propose(1), count: 1 };
  }
}

/** The fixed values with the parents that make them active: no sampler has to find those by chance. */
function withParents<P extends Params>(
  space: SearchSpace<P>,
  fixed: Partial<P> | undefined,
  rng: Rng,
): Partial<P> | undefined {
  return fixed && Object.keys(fixed).length > 0 ? (space.withParents?.(fixed, rng) ?? fixed) : fixed;
}

/** The proposed parameters with the fixed values to the last bit, which a coordinate may have rounded. */
function withFixed<P extends Params>(
  space: SearchSpace<P>,
  {
    proposal,
    sampler,
    fixed = {},
  }: { readonly proposal: Proposal<P>; readonly sampler: Sampler; readonly fixed?: Partial<P> | undefined },
): P {
  const params: Record<string, Params[string]> = throughJson(proposal.params);
  for (const [name, value] of Object.entries(fixed)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(params, name) || !isAlmost(space, name, [params[name]!, value as Params[string]]))
      throw new UnsupportedError('fixed values', nameOf(sampler), `it proposed ${canonical(params)}`);
    params[name] = value as Params[string];
  }
  return params as P;
}

/** Coordinates closer than this are one: decoding and encoding again may change the last bits. */
const resolution = 2 ** -40;

function isAlmost<P extends Params>(
  space: SearchSpace<P>,
  name: string,
  [a, b]: readonly [Params[string], Params[string]],
): boolean {
  if (a === b) return true;
  if (typeof a !== 'number' || typeof b !== 'number' || !space.coordinates) return false;
  const [of, at] = [a, b].map((value) => space.coordinates!({ [name]: value } as Partial<P>));
  return of!.every((u, j) => Number.isNaN(u) || Math.abs(u - at![j]!) <= resolution);
}

/** True when the parameters have all the fixed values. */
export function agrees<P extends Params>(params: P, fixed: Partial<P> | undefined): boolean {
  return Object.entries(fixed ?? {}).every(
    ([name, value]) => value === undefined || (Object.hasOwn(params, name) && params[name] === value),
  );
}
