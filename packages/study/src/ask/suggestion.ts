import {
  type Awaitable,
  type Goal,
  hasValues,
  InfeasibleSpaceError,
  type KnownParams,
  OutOfSpaceError,
  type Params,
  type ProgramState,
  type Proposal,
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
import { isContrary, withFixed, withParents } from './fixed-values.ts';

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
      const refusal = hasValues(entry, fixed) && refusalAmong(state, entry, request);
      if (refusal && refusal.kind === 'reached')
        return { type: 'dequeued', params: entry, reason: refusal.text };
      if (refusal === undefined) return { type: 'asked', number, params: entry, queued: true };
      continue;
    }
    if (isContrary(entry, fixed)) continue;
    const chosen = await withEntry(state, { ...request, fixed: { ...fixed, ...entry } });
    if (chosen === 'later') continue;
    if (!('reason' in chosen)) return { ...chosen, queued: true, given: entry as Params };
    if (fixed && Object.keys(fixed).length > 0) continue;
    return { type: 'dequeued', params: entry as Params, reason: chosen.reason };
  }
  return sampled(state, request);
}

/**
 * The sampler's choice with values that were enqueued, even where every point with them has been tried: then it may repeat one. Where no trial
 * can have them the reason; `later` where it may do so when a trial that runs has ended.
 */
async function withEntry<P extends Params>(
  state: SeenState<P>,
  request: SuggestionRequest<P>,
  repeat = request.goal.repeat,
): Promise<Asked | 'later' | { readonly reason: string }> {
  try {
    return await sampled(state, { ...request, goal: { ...request.goal, repeat } });
  } catch (error) {
    if (error instanceof InfeasibleSpaceError || error instanceof OutOfSpaceError)
      return { reason: error.message };
    const isExhausted = error instanceof SpaceExhaustedError;
    if (isExhausted && !repeat) return withEntry(state, request, true);
    if (!isExhausted && !(repeat && pieceRefusals.has(error as object))) throw error;
    // One that runs to a lower fidelity may go on to the one that was enqueued.
    const { fidelity } = request.goal;
    const configuration = fidelity ? { ...request.fixed, [fidelity.name]: undefined } : request.fixed;
    const own = state.trials.filter((trial: Trial) => hasValues(trial.params, configuration));
    if (own.some((trial) => trial.state === 'running')) return 'later';
    if (!fidelity || own.length === 0) return { reason: (error as Error).message };
    const { nothingLeft } = await import('../training/nothing-left.ts');
    return { reason: nothingLeft(own, fidelity) };
  }
}

/** Errors that say that a sampler proposed a piece of training which cannot begin: they are of the proposal, others of the machine or the space. */
const pieceRefusals = new WeakSet<object>();

function pieceRefused(params: Params, sampler: string, text: string): UnsupportedError {
  const error = new UnsupportedError(
    `pieces of training, of which it proposed ${canonical(params)}: ${text}`,
    sampler,
    'a study with a fidelity needs a sampler for learning curves',
  );
  pieceRefusals.add(error);
  return error;
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
      if (hasValues(entry, fixed)) return entry;
    } else if (!isContrary(entry, fixed)) return undefined;
  return undefined;
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
    if (refusal) throw pieceRefused(params, nameOf(sampler), refusal.text);
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
