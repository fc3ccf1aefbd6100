import type { Params, SearchSpace } from '@foothold/core';
import { claimOf } from '../ask/claims.ts';
import { isGiven, type Suggested, suggested } from '../ask/suggested.ts';
import { type Dequeued, nextWhole } from '../ask/suggestion.ts';
import type { LiveState } from '../state/study-state.ts';
import { madeFor, type PreparedBatch, preparedFor } from './prepared-batch.ts';
import { preparedBatches } from './prepared-batches.ts';
import type { SuggestionBackend } from './suggestion-backend.ts';

/**
 * Suggestions that a backend makes before they are asked for. Proposal i of a batch is for the new trial i after the prefix that the batch
 * was made from, whoever gets it and whatever the trials between became: so a batch that is made while an older one is in use stands for
 * the trials which that one still gives.
 */
export interface SuggestionsAhead<P extends Params> {
  /** An ask waits for a trial, until what is returned is called. */
  enter(): () => void;
  /** The study's state, which goes on: from here on its changes have suggestions prepared. */
  see(state: LiveState<P>): void;
  /** What waits in the queue or was prepared for the next new trial, where an ask may have it. */
  ready(ask: AskedAhead<P>): Suggested | undefined;
  /** Has one made, or waits for one that is being made. Undefined where the backend cannot. Throws what the sampler throws. */
  suggest(ask: AskedAhead<P>): Promise<SuggestedAhead | undefined>;
}

export interface AskedAhead<P extends Params> {
  readonly owner: string;
  readonly fixed: Partial<P> | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface SuggestedAhead {
  readonly made: Suggested | Dequeued;
  /** How many were made with it, itself included. */
  readonly count: number;
  readonly isLookedAt: boolean;
}

/** For the asks of these workers, who wait for one another: their claims are of no concern. */
export function suggestionsAhead<P extends Params>(
  backend: SuggestionBackend,
  space: SearchSpace<P>,
  owners: ReadonlySet<string>,
): SuggestionsAhead<P> {
  let state: LiveState<P> | undefined;
  let isAsking = false;
  /** Prepares what is of use; called after the change has been answered. */
  const changed = () =>
    void Promise.resolve().then(() => {
      if (state && !isAsking) batches.prepare(state);
    });
  const batches = preparedBatches<P>(backend, owners, changed);
  const ready = (ask: AskedAhead<P>) => {
    if (!state) return undefined;
    if (state.queue.length > 0) return queued(state, { ...ask, space });
    const batch = batches.last();
    return batch && !isGiven(ask.fixed) ? preparedFor(state, batch, { owner: ask.owner, owners }) : undefined;
  };
  const next = async (ask: AskedAhead<P>): Promise<SuggestedAhead | undefined> => {
    const { owner, fixed, signal } = ask;
    if (isGiven(fixed) || state!.queue.length > 0) return suggestedAlone(backend, state!, ask);
    const making = batches.making();
    if (making) await until(making, signal);
    const prepared = ready(ask);
    // What was enqueued meanwhile is there without a batch, where the first one could not be made.
    if (prepared) return { made: prepared, ...batchOf(batches.last()) };
    if (state!.queue.length > 0) return suggestedAlone(backend, state!, ask);
    const batch = await until(batches.make(state!, batches.demand.now(state!)), signal);
    return batch && { made: ready(ask) ?? madeFor(state!, batch, { owner, owners }), ...batchOf(batch) };
  };
  return {
    enter() {
      const leave = batches.demand.enter(state?.running.size ?? 0);
      return () => {
        if (leave()) changed();
      };
    },
    see(now) {
      if (state === now) return;
      state = now;
      const watcher = { ended: changed, restarted: changed, deleted: changed, restored: changed };
      now.watch({ reported: () => undefined, ...watcher });
    },
    ready,
    async suggest(ask) {
      isAsking = true;
      try {
        return await next(ask);
      } finally {
        isAsking = false;
        changed();
      }
    },
  };
}

function batchOf(batch: PreparedBatch | undefined): Pick<SuggestedAhead, 'count' | 'isLookedAt'> {
  return { count: batch?.suggestions.length ?? 1, isLookedAt: batch?.isLookedAt ?? true };
}

/** One that is made for an ask alone: of the queue first, or with the values that the ask gives. */
async function suggestedAlone<P extends Params>(
  backend: SuggestionBackend,
  { claims, length, edits }: LiveState<P>,
  { owner, fixed, signal }: AskedAhead<P>,
): Promise<SuggestedAhead | undefined> {
  const seen = { claims: new Map(claims), length, ...(edits && { edits }) };
  const call = { prefix: length, claim: claimOf(claims, owner), fixed: fixed as Params | undefined };
  const answer = await until(backend.suggest(call), signal);
  const [next] = answer?.suggestions ?? [];
  if (!answer || !next) return undefined;
  const made = next.type === 'asked' ? suggested(next, seen, { owner, fixed }) : next;
  return { made, count: 1, isLookedAt: answer.isLookedAt };
}

/** What waits in the queue and needs no sampler. */
function queued<P extends Params>(
  state: LiveState<P>,
  { owner, fixed, space }: AskedAhead<P> & { readonly space: SearchSpace<P> },
): Suggested | undefined {
  const params = nextWhole(state, { space, fixed });
  const asked = params && ({ type: 'asked', number: state.count, params, queued: true } as const);
  return asked && suggested(asked, state, { owner, fixed });
}

/** What the promise resolves to, unless the signal aborts first. */
function until<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const end = () => reject(signal.reason);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
