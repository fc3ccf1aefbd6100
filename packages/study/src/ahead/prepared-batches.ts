import type { Params } from '@foothold/core';
import { claimsOfOthers } from '../ask/claims.ts';
import type { Asked } from '../ask/suggestion.ts';
import type { LiveState } from '../state/study-state.ts';
import { type AskDemand, askDemand } from './ask-demand.ts';
import { batchPlace, isBehind, type PreparedBatch } from './prepared-batch.ts';
import type { SuggestionBackend } from './suggestion-backend.ts';

/** Batches of one study that a backend makes, one after another. */
export interface PreparedBatches<P extends Params> {
  readonly demand: AskDemand;
  /** The newest one that is there. */
  last(): PreparedBatch | undefined;
  /** Resolves when the batch that is being made is there, or could not be made; undefined where none is. */
  making(): Promise<unknown> | undefined;
  /** Makes one for asks that wait. Undefined where the backend cannot. Throws what the sampler throws. */
  make(state: LiveState<P>, count: number): Promise<PreparedBatch | undefined>;
  /** Makes one ahead where it is of use now. Nothing is prepared before the first ask, nor with a sampler that does not look at the trials. */
  prepare(state: LiveState<P>): void;
}

/** For the asks of `owners`; `ended` is called after each batch, made or not. */
export function preparedBatches<P extends Params>(
  backend: SuggestionBackend,
  owners: ReadonlySet<string>,
  ended: () => void,
): PreparedBatches<P> {
  const demand = askDemand();
  let batch: PreparedBatch | undefined;
  let making: Promise<unknown> | undefined;
  /** The prefix from which the last one could not be made. */
  let failed: number | undefined;
  const make = (state: LiveState<P>, count: number) => {
    const place = batchPlace(state);
    const call = { prefix: place.prefix, count: claimsOfOthers(state.claims, owners) + count };
    demand.begin(state.running.size);
    failed = place.prefix;
    const made = backend.suggest(call).then((answer) => {
      if (!answer) return undefined;
      failed = undefined;
      batch = { ...place, ...answer, suggestions: answer.suggestions as readonly Asked[] };
      return batch;
    });
    const end = () => {
      demand.end();
      making = undefined;
      ended();
    };
    making = made.then(end, end);
    return made;
  };
  return {
    demand,
    last: () => batch,
    making: () => making,
    make,
    prepare(state) {
      if (making || !batch?.isLookedAt || state.queue.length > 0) return;
      demand.see(state.running.size);
      if (state.length === failed || !isDue(state, batch, demand)) return;
      const count = demand.ahead(state);
      if (count > 0) make(state, count).catch(() => undefined); // thrown again by an ask
    },
  };
}

function isDue<P extends Params>(state: LiveState<P>, batch: PreparedBatch, demand: AskDemand): boolean {
  if (isBehind(state, batch)) return true;
  const used = state.count - batch.given;
  return demand.isLow(used, batch.suggestions.length - used);
}
